package io.ossmount.chaos.fault;

import java.util.Arrays;

/** The faults that there are. */
public enum FaultKind {
  /** SIGKILL of the server while requests are outstanding. */
  KILL_SERVER("kill-server"),
  /** SIGSTOP of the server: it is there, and answers nothing. */
  STOP_SERVER("stop-server"),
  /** SIGKILL and restart of the node plugin. */
  KILL_PLUGIN("kill-plugin"),
  /** Server and plugin at once: no one has the descriptors. */
  KILL_BOTH("kill-both"),
  /** A reader is killed while there is no server: it has to go. */
  KILL_READER("kill-reader"),
  /** OSS cannot be reached for some seconds. */
  OSS_AWAY("oss-away"),
  /** Half of all requests are answered with 500. */
  OSS_ERRORS("oss-errors"),
  /** Half of all requests are answered with 503 SlowDown. */
  OSS_THROTTLED("oss-throttled"),
  /** The cache's disk has no room. */
  CACHE_FULL("cache-full"),
  /** The cache's directory is emptied under the server. */
  CACHE_DELETED("cache-deleted");

  private final String title;

  FaultKind(String title) {
    this.title = title;
  }

  /** Its name in reports and on command lines. */
  public String title() {
    return title;
  }

  /** What does it. */
  public Fault fault() {
    return switch (this) {
      case KILL_SERVER -> new KillServer();
      case STOP_SERVER -> new StopServer();
      case KILL_PLUGIN -> new KillPlugin();
      case KILL_BOTH -> new KillBoth();
      case KILL_READER -> new KillReader();
      case OSS_AWAY -> new OssAway();
      case OSS_ERRORS -> new OssAnswers(500, "InternalError");
      case OSS_THROTTLED -> new OssAnswers(503, "SlowDown");
      case CACHE_FULL -> new CacheFull();
      case CACHE_DELETED -> new CacheDeleted();
    };
  }

  /**
   * The one with this title.
   *
   * @throws IllegalArgumentException there is none
   */
  public static FaultKind titled(String title) {
    return Arrays.stream(values())
        .filter(kind -> kind.title.equals(title))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no fault " + title));
  }
}
