package io.ossmount.csi.fdstore;

import io.ossmount.fuse.server.StandIn;
import io.ossmount.fuse.server.StandIns;
import java.io.IOException;
import java.util.Optional;

/** Stand-ins on real descriptors, with the records of the cache pods. */
final class KernelStandIns implements StandInOffice {
  private final StandIns standIns = new StandIns();

  @Override
  public Optional<Begun> begin(SessionInfo session, Descriptors descriptors, Runnable onOver)
      throws IOException {
    try {
      var task = new StandIn.Task(session.name(), RecordedAttributes::of, onOver);
      return standIns
          .begin(task, descriptors.fuse(), descriptors.memory())
          .map(begun -> begun::close);
    } catch (OutOfMemoryError e) {
      throw new IOException("no memory, or no thread", e);
    }
  }

  @Override
  public StandIns.Counts counts() {
    return standIns.counts();
  }

  @Override
  public void close() {
    standIns.close();
  }
}
