package io.ossmount.chaos.cluster;

import io.ossmount.chaos.scene.Names;
import java.util.List;

/** The parts of the product that run as processes of a node. */
enum Product {
  /** Serves the volume, or is to do that next: see {@link GroupProcesses#server}. */
  SERVER,
  /** PID 1 of the cache pod. */
  SUPERVISOR,
  /** The node plugin. */
  PLUGIN,
  /** The controller plugin. */
  CONTROLLER,
  /** The operator. */
  OPERATOR;

  /** Where the chart is installed. */
  static final String NAMESPACE = "ossmount-system";

  private static final String CACHE = "io.ossmount.cache.CacheMain";
  private static final String SUPERVISE = "io.ossmount.cache.supervise.SupervisorMain";
  private static final String DRIVER = "io.ossmount.csi.CsiDriverMain";
  private static final String OPERATE = "io.ossmount.operator.OperatorMain";
  private static final String IN_NAMESPACE = "OSSMOUNT_POD_NAMESPACE=" + Names.NAMESPACE;

  /** Value of the component label of its pod. */
  String component() {
    return switch (this) {
      case SERVER, SUPERVISOR -> "cache";
      case PLUGIN -> "node";
      case CONTROLLER -> "controller";
      case OPERATOR -> "operator";
    };
  }

  /** Namespace of its pod. */
  String namespace() {
    return this == SERVER || this == SUPERVISOR ? Names.NAMESPACE : NAMESPACE;
  }

  /** Whether a process with these words and this environment is one. */
  boolean is(List<String> commandLine, List<String> environment) {
    return switch (this) {
      case SERVER ->
          commandLine.contains(CACHE)
              && !commandLine.contains(SUPERVISE)
              && environment.contains(IN_NAMESPACE);
      case SUPERVISOR -> commandLine.contains(SUPERVISE) && environment.contains(IN_NAMESPACE);
      case PLUGIN -> commandLine.contains(DRIVER) && commandLine.contains("node");
      case CONTROLLER -> commandLine.contains(DRIVER) && commandLine.contains("controller");
      case OPERATOR -> commandLine.contains(OPERATE);
    };
  }
}
