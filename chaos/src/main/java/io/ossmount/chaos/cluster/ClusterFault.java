package io.ossmount.chaos.cluster;

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
import java.time.Duration;
import java.util.Optional;

/** The faults of a cluster. */
public enum ClusterFault implements FaultKind<ClusterScene> {
  /** SIGKILL of the server while requests are outstanding. */
  KILL_SERVER("kill-server"),
  /** SIGSTOP of the server: it is there, and answers nothing. */
  STOP_SERVER("stop-server"),
  /** SIGKILL of the cache pod's first process, and with it of the container. */
  KILL_SUPERVISOR("kill-supervisor"),
  /** The cache pod is deleted. */
  DELETE_POD("delete-pod"),
  /** SIGKILL of the node plugin. */
  KILL_PLUGIN("kill-plugin"),
  /** SIGSTOP of the node plugin, and some seconds later SIGCONT. */
  STOP_PLUGIN("stop-plugin"),
  /** SIGKILL of the controller plugin. */
  KILL_CONTROLLER("kill-controller"),
  /** SIGKILL of the operator. */
  KILL_OPERATOR("kill-operator"),
  /** SIGKILL of kubelet. */
  KILL_KUBELET("kill-kubelet"),
  /** SIGKILL of containerd. */
  KILL_CONTAINERD("kill-containerd"),
  /** Cache pod and node plugin at once: no one has the descriptors. */
  KILL_BOTH("kill-both"),
  /** The chart is upgraded to another tag of the images. */
  HELM_UPGRADE("helm-upgrade"),
  /** The API server answers nothing for a minute. */
  API_AWAY("api-away"),
  /** All processes of the other node are killed. */
  NODE_LOST("node-lost"),
  /** All processes of the node where the workloads are are killed. */
  NODE_LOST_HERE("node-lost-here"),
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

  /** kubelet starts a container again at once the first time, then after 10 s, 20 s and so on. */
  private static final Duration BACK_OFF = Duration.ofSeconds(45);

  /** A machine that starts pods has less for the rest. */
  private static final Duration NEW_POD = Duration.ofSeconds(15);

  private final String title;

  ClusterFault(String title) {
    this.title = title;
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public Fault<? super ClusterScene> fault(Form form) {
    return switch (this) {
      case KILL_SERVER -> new KillServer();
      case STOP_SERVER -> new StopServer();
      case KILL_SUPERVISOR -> KillProcess.of(Product.SUPERVISOR);
      case DELETE_POD -> new DeletePod();
      case KILL_PLUGIN -> KillProcess.of(Product.PLUGIN);
      case STOP_PLUGIN -> new StopPlugin();
      case KILL_CONTROLLER -> KillProcess.of(Product.CONTROLLER);
      case KILL_OPERATOR -> KillProcess.of(Product.OPERATOR);
      case KILL_KUBELET -> new KillProgram("kubelet");
      case KILL_CONTAINERD -> new KillProgram("containerd");
      case KILL_BOTH -> new KillBoth();
      case HELM_UPGRADE -> new HelmUpgrade();
      case API_AWAY -> ApiAway.in(form);
      case NODE_LOST -> new NodeLost();
      case NODE_LOST_HERE -> new NodeLostHere();
      case OSS_AWAY -> OssAway.in(form);
      case OSS_GONE -> OssAway.GONE;
      case OSS_ERRORS -> OssAnswers.ERRORS;
      case OSS_THROTTLED -> OssAnswers.THROTTLED;
      case CACHE_FULL -> new CacheFull();
      case CACHE_DELETED -> new CacheDeleted();
    };
  }

  @Override
  public Optional<Duration> target() {
    return switch (this) {
      case KILL_SERVER -> Optional.of(Allowed.SERVER_TARGET);
      case DELETE_POD -> Optional.of(Allowed.POD_TARGET);
      default -> Optional.empty();
    };
  }

  /** A working directory in a mount that is dead stays there; with a node end its pods. */
  @Override
  public boolean isOutlivedBy(WorkKind work) {
    return switch (this) {
      case KILL_BOTH -> work != WorkKind.WORKING_DIRECTORY;
      case NODE_LOST_HERE -> false;
      default -> true;
    };
  }

  @Override
  public Allowed allowed(WorkKind work) {
    return switch (this) {
      case KILL_SERVER, CACHE_DELETED -> Allowed.pause(Allowed.RESTART);
      case STOP_SERVER -> Allowed.pause(Allowed.HANG);
      case DELETE_POD, HELM_UPGRADE -> Allowed.pause(NEW_POD);
      case KILL_SUPERVISOR -> Allowed.pause(BACK_OFF);
      // The server goes on.
      case KILL_PLUGIN,
          STOP_PLUGIN,
          KILL_CONTROLLER,
          KILL_OPERATOR,
          KILL_KUBELET,
          KILL_CONTAINERD,
          API_AWAY,
          NODE_LOST ->
          Allowed.pause(Allowed.RESTART);
      case KILL_BOTH, NODE_LOST_HERE -> Allowed.dead(BACK_OFF);
      case OSS_AWAY -> Allowed.pause(Allowed.AWAY);
      case OSS_GONE -> Allowed.gone();
      case OSS_ERRORS, OSS_THROTTLED -> Allowed.pause(Allowed.OUTAGE);
      case CACHE_FULL -> Allowed.full(work.writes());
    };
  }
}
