package io.ossmount.chaos.judge;

import io.ossmount.chaos.fault.FaultKind;
import io.ossmount.chaos.work.WorkKind;
import java.time.Duration;
import java.util.Set;

/**
 * What a workload may see of a fault. This is the one place that says so; wrong bytes, lost
 * acknowledged writes and leaks are never allowed.
 *
 * @param errnos that its operations may fail with
 * @param pause the longest time in which nothing ends well
 */
public record Allowed(Set<String> errnos, Duration pause) {
  /** One server ends and the next one begins; also on a loaded machine. */
  private static final Duration RESTART = Duration.ofSeconds(10);

  /** A server that hangs is noticed within 10 s. */
  private static final Duration HANG = Duration.ofSeconds(20);

  /** OSS is away for 6 s at most; retries back off. */
  private static final Duration OUTAGE = Duration.ofSeconds(20);

  /** What {@code tar} takes by itself: a pause of it is the whole of its run. */
  private static final Duration UNPACKING = Duration.ofSeconds(15);

  /** With both gone, no one has the descriptors: who had files open gets errors. */
  private static final Set<String> DEAD = Set.of("ENOTCONN", "ECONNABORTED", "EIO", "SIGBUS");

  /** Copies. */
  public Allowed {
    errnos = Set.copyOf(errnos);
  }

  /** The table. */
  public static Allowed of(FaultKind fault, WorkKind work) {
    var allowed = row(fault, work);
    return work == WorkKind.TAR
        ? new Allowed(allowed.errnos, allowed.pause.plus(UNPACKING))
        : allowed;
  }

  private static Allowed row(FaultKind fault, WorkKind work) {
    return switch (fault) {
      case KILL_SERVER -> new Allowed(Set.of(), RESTART);
      // The harness leaves them without a server for some seconds.
      case KILL_READER -> new Allowed(Set.of(), HANG);
      case STOP_SERVER -> new Allowed(Set.of(), HANG);
      // The server goes on; only what needs the plugin waits for it.
      case KILL_PLUGIN -> new Allowed(Set.of(), RESTART);
      case KILL_BOTH -> new Allowed(DEAD, OUTAGE);
      case OSS_AWAY, OSS_ERRORS, OSS_THROTTLED -> new Allowed(Set.of(), OUTAGE);
      // What is written waits on that disk to be uploaded.
      case CACHE_FULL -> new Allowed(work.writes() ? Set.of("ENOSPC") : Set.of(), OUTAGE);
      case CACHE_DELETED -> new Allowed(Set.of(), RESTART);
    };
  }
}
