package io.ossmount.chaos.judge;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * What a workload may see of a fault. Wrong bytes, lost acknowledged writes and leaks are never
 * allowed.
 *
 * @param errnos that its operations may fail with
 * @param pause the longest time in which nothing ends well
 */
public record Allowed(Set<String> errnos, Duration pause) {
  /** One server ends and the next one begins; also on a loaded machine. */
  public static final Duration RESTART = Duration.ofSeconds(10);

  /** Nearly always, from SIGKILL of the server on. */
  public static final Duration SERVER_TARGET = Duration.ofMillis(1_500);

  /** Nearly always, from the deletion of the cache pod on. */
  public static final Duration POD_TARGET = Duration.ofSeconds(5);

  /** A server that hangs is noticed within 10 s. */
  public static final Duration HANG = Duration.ofSeconds(20);

  /** Half of what OSS says for 6 s at most is an error; retries back off. */
  public static final Duration OUTAGE = Duration.ofSeconds(20);

  /** As long as a call to OSS may take: OSS is away for less. */
  public static final Duration AWAY = Duration.ofMinutes(1);

  /** Two calls: whoever came first got an error, and tries again. */
  private static final Duration GONE = Duration.ofMinutes(2);

  /** What was not reached in time, as SEMANTICS.md has it. */
  private static final Set<String> NOT_REACHED = Set.of("ETIMEDOUT", "EIO");

  /** With both gone, no one has the descriptors: who had files open gets errors. */
  private static final Set<String> DEAD = Set.of("ENOTCONN", "ECONNABORTED", "EIO", "SIGBUS");

  /** What is never anything else than a dead mount. */
  private static final Set<String> SIGNS = Set.of("ENOTCONN", "ECONNABORTED");

  /** Copies. */
  public Allowed {
    errnos = Set.copyOf(errnos);
  }

  /** No error. */
  public static Allowed pause(Duration longest) {
    return new Allowed(Set.of(), longest);
  }

  /** What there is when no one has the descriptors any more. */
  public static Allowed dead(Duration longest) {
    return new Allowed(DEAD, longest);
  }

  /** What there is when OSS is away for longer than a call to it may take. */
  public static Allowed gone() {
    return new Allowed(NOT_REACHED, GONE);
  }

  /**
   * What there is when the disk of the cache is full: what is written waits there to be uploaded.
   *
   * @param writes whether the workload does
   */
  public static Allowed full(boolean writes) {
    return writes ? pause(OUTAGE).or("ENOSPC") : pause(OUTAGE);
  }

  /** Errors by which a dead mount is known: EIO is one where it cannot be anything else. */
  public Set<String> signsOfDeath() {
    return errnos.containsAll(DEAD) ? DEAD : SIGNS;
  }

  /** The same with one more error. */
  public Allowed or(String errno) {
    var more = new HashSet<>(errnos);
    more.add(errno);
    return new Allowed(more, pause);
  }
}
