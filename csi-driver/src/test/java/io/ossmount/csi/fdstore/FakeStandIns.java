package io.ossmount.csi.fdstore;

import io.ossmount.fuse.server.StandIns;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Stand-ins that read nothing, and know of whom they would. */
final class FakeStandIns implements StandInOffice {
  private final Map<String, Runnable> reading = new HashMap<>();

  /** The caller may go on after any failure: told when this is closed. */
  private final Set<String> readTwice = new HashSet<>();

  private int failures;

  boolean reads(String session) {
    return reading.containsKey(session);
  }

  /** The kernel has ended the connection. */
  void over(String session) {
    reading.getOrDefault(session, () -> {}).run();
  }

  /** The next attempts fail. */
  void fail(int times) {
    failures = times;
  }

  @Override
  public Optional<Begun> begin(SessionInfo session, Descriptors descriptors, Runnable onOver)
      throws IOException {
    if (failures > 0) {
      failures--;
      throw new IOException("too many open files");
    }
    if (reading.put(session.name(), onOver) != null) {
      readTwice.add(session.name());
    }
    return Optional.of(() -> reading.remove(session.name()));
  }

  @Override
  public StandIns.Counts counts() {
    return new StandIns.Counts(0, 0, 0);
  }

  @Override
  public void close() {
    if (!reading.isEmpty() || !readTwice.isEmpty()) {
      throw new AssertionError("still read: " + reading.keySet() + ", by two: " + readTwice);
    }
  }
}
