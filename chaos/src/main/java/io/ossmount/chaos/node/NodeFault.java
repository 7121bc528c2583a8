package io.ossmount.chaos.node;

import io.ossmount.chaos.fault.CacheDeleted;
import io.ossmount.chaos.fault.CacheFull;
import io.ossmount.chaos.fault.Fault;
import io.ossmount.chaos.fault.FaultKind;
import io.ossmount.chaos.fault.Form;
import io.ossmount.chaos.fault.KillServer;
import io.ossmount.chaos.fault.OssAnswers;
import io.ossmount.chaos.fault.OssAway;
import io.ossmount.chaos.fault.StopPlugin;
import io.ossmount.chaos.fault.StopServer;
import io.ossmount.chaos.judge.Allowed;
import io.ossmount.chaos.work.WorkKind;

/** The faults of a node of plain processes. */
public enum NodeFault implements FaultKind<NodeProcesses> {
  /** SIGKILL of the server while requests are outstanding. */
  KILL_SERVER("kill-server"),
  /** SIGSTOP of the server: it is there, and answers nothing. */
  STOP_SERVER("stop-server"),
  /** SIGKILL and restart of the node plugin. */
  KILL_PLUGIN("kill-plugin"),
  /** SIGSTOP of the node plugin, and some seconds later SIGCONT. */
  STOP_PLUGIN("stop-plugin"),
  /** Server and plugin at once: no one has the descriptors. */
  KILL_BOTH("kill-both"),
  /** A reader is killed while there is no server: it has to go. */
  KILL_READER("kill-reader"),
  /** OSS cannot be reached for a while, shorter than a call to it may take. */
  OSS_AWAY("oss-away"),
  /** OSS cannot be reached for longer than a call to it may take. */
  OSS_GONE("oss-gone"),
  /** Half of all requests are answered with 500. */
  OSS_ERRORS("oss-errors"),
  /** Half of all requests are answered with 503 SlowDown. */
  OSS_THROTTLED("oss-throttled"),
  /** The cache's disk has no room. */
  CACHE_FULL("cache-full"),
  /** The cache's directory is emptied under the server. */
  CACHE_DELETED("cache-deleted");

  private final String title;

  NodeFault(String title) {
    this.title = title;
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public Fault<? super NodeProcesses> fault(Form form) {
    return switch (this) {
      case KILL_SERVER -> new KillServer();
      case STOP_SERVER -> new StopServer();
      case KILL_PLUGIN -> new KillPlugin();
      case STOP_PLUGIN -> new StopPlugin();
      case KILL_BOTH -> new KillBoth();
      case KILL_READER -> new KillReader();
      case OSS_AWAY -> OssAway.in(form);
      case OSS_GONE -> OssAway.GONE;
      case OSS_ERRORS -> OssAnswers.ERRORS;
      case OSS_THROTTLED -> OssAnswers.THROTTLED;
      case CACHE_FULL -> new CacheFull();
      case CACHE_DELETED -> new CacheDeleted();
    };
  }

  /** A working directory in a mount that is dead stays there. */
  @Override
  public boolean isOutlivedBy(WorkKind work) {
    return this != KILL_BOTH || work != WorkKind.WORKING_DIRECTORY;
  }

  @Override
  public Allowed allowed(WorkKind work) {
    return switch (this) {
      case KILL_SERVER, CACHE_DELETED -> Allowed.pause(Allowed.RESTART);
      // The server goes on; only what needs the plugin waits for it.
      case KILL_PLUGIN, STOP_PLUGIN -> Allowed.pause(Allowed.RESTART);
      // The harness leaves readers without a server for some seconds.
      case KILL_READER, STOP_SERVER -> Allowed.pause(Allowed.HANG);
      case KILL_BOTH -> Allowed.dead(Allowed.OUTAGE);
      case OSS_AWAY -> Allowed.pause(Allowed.AWAY);
      case OSS_GONE -> Allowed.gone();
      case OSS_ERRORS, OSS_THROTTLED -> Allowed.pause(Allowed.OUTAGE);
      case CACHE_FULL -> Allowed.full(work.writes());
    };
  }
}
