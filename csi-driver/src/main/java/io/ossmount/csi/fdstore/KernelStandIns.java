package io.ossmount.csi.fdstore;

import io.ossmount.fuse.server.StandIn;
import io.ossmount.fuse.server.StandIns;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stand-ins on real descriptors, with the records of the cache pods. */
final class KernelStandIns implements StandInOffice {
  private static final Logger LOG = LoggerFactory.getLogger(KernelStandIns.class);

  private final StandIns standIns = new StandIns();

  @Override
  public Optional<Begun> begin(SessionInfo session, Descriptors descriptors, Runnable onOver) {
    try {
      var task = new StandIn.Task(session.name(), RecordedAttributes::of, onOver);
      return standIns
          .begin(task, descriptors.fuse(), descriptors.memory())
          .map(begun -> begun::close);
    } catch (IOException e) {
      LOG.error("session {} has no stand-in: {}", session.name(), e.toString());
      return Optional.empty();
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
