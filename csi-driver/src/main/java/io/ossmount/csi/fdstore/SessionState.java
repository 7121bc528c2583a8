package io.ossmount.csi.fdstore;

import java.time.Instant;
import java.util.Optional;

/** Who serves a session. */
public sealed interface SessionState {
  /** The pod that has been asked to serve it, if any. */
  default Optional<PodLink> pod() {
    return Optional.empty();
  }

  /** For the log. */
  default String inWords() {
    return switch (this) {
      case Serving(var pod) -> "served by " + pod.label();
      case NotServing(var pod, var reason, var message) ->
          "not served by " + pod.label() + ": " + reason + ": " + message;
      case Asked(var pod) -> "waits for " + pod.label();
      case Unserved _, Unclaimed _ -> "waits for a cache pod";
      case Over _ -> "over";
    };
  }

  /** The descriptors are here, and no cache pod has been asked. */
  record Unserved() implements SessionState {}

  /**
   * Known from the mount table: the plugin was restarted, and no cache pod has handed its
   * descriptors back yet.
   */
  record Unclaimed() implements SessionState {}

  /** The pod was asked and has not answered yet. */
  record Asked(PodLink link) implements SessionState {
    @Override
    public Optional<PodLink> pod() {
      return Optional.of(link);
    }
  }

  /** The pod serves it. */
  record Serving(PodLink link) implements SessionState {
    @Override
    public Optional<PodLink> pod() {
      return Optional.of(link);
    }
  }

  /** The pod cannot serve it for now, and goes on trying. */
  record NotServing(PodLink link, String reason, String message) implements SessionState {
    @Override
    public Optional<PodLink> pod() {
      return Optional.of(link);
    }
  }

  /**
   * The connection is over.
   *
   * @param since when this process found that out, or an earlier one gave it up
   */
  record Over(Cause cause, Instant since) implements SessionState {
    /** Why it is over. */
    public enum Cause {
      /** Nobody wants it any more. */
      UNMOUNTED,
      /** Nobody served it, and it was given up. */
      ABORTED,
      /** Nobody has kept its descriptors. */
      HOLDERS_GONE,
      /** The kernel has ended it: somebody aborted the connection. */
      DISCONNECTED
    }

    /** Whether it may still be mounted, so that what uses it gets errors. */
    boolean isDead() {
      return cause != Cause.UNMOUNTED;
    }
  }
}
