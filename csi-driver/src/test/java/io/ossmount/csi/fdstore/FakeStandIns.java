package io.ossmount.csi.fdstore;

import io.ossmount.fuse.server.StandIns;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Stand-ins that read nothing, and know of whom they would. */
final class FakeStandIns implements StandInOffice {
  private final Map<String, Runnable> reading = new HashMap<>();

  boolean reads(String session) {
    return reading.containsKey(session);
  }

  /** The kernel has ended the connection. */
  void over(String session) {
    reading.getOrDefault(session, () -> {}).run();
  }

  @Override
  public Optional<Begun> begin(SessionInfo session, Descriptors descriptors, Runnable onOver) {
    if (reading.put(session.name(), onOver) != null) {
      throw new AssertionError("two stand-ins of " + session.name());
    }
    return Optional.of(() -> reading.remove(session.name()));
  }

  @Override
  public StandIns.Counts counts() {
    return new StandIns.Counts(0, 0, 0);
  }

  @Override
  public void close() {
    if (!reading.isEmpty()) {
      throw new AssertionError("still read: " + reading.keySet());
    }
  }
}
