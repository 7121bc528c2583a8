package io.ossmount.chaos.scene;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * Tells the server from the spare beside it: both have the same command line and the same parent,
 * the supervisor, which starts the spare last.
 */
public final class Eldest {
  private Eldest() {}

  /** Id of the child that runs longest; empty: there is none. */
  public static Optional<Long> childOf(long parent) {
    return ProcessHandle.of(parent).stream()
        .flatMap(ProcessHandle::children)
        .min(Comparator.comparing(child -> child.info().startInstant().orElse(Instant.MAX)))
        .map(ProcessHandle::pid);
  }
}
