package io.ossmount.csi.testing;

import io.ossmount.csi.cluster.Events;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps the Events that were written. Thread-safe. */
public final class FakeEvents implements Events {
  private final List<Written> written = new CopyOnWriteArrayList<>();

  /** One Event. */
  public record Written(Subject about, boolean warning, String reason, String message) {}

  @Override
  public void note(Subject about, String reason, String message) {
    written.add(new Written(about, false, reason, message));
  }

  @Override
  public void warn(Subject about, String reason, String message) {
    written.add(new Written(about, true, reason, message));
  }

  /** All of them, the oldest first. */
  public List<Written> written() {
    return List.copyOf(written);
  }
}
