package io.ossmount.api;

/** Labels of what the operator makes; written by the operator, each with who reads it. */
public final class Labels {
  /** Recommended label; with {@link #COMPONENT} it selects the operator's informers. */
  public static final String APP_NAME = "app.kubernetes.io/name";

  /** Value of {@link #APP_NAME}. */
  public static final String APP_NAME_VALUE = "ossmount";

  /** Recommended label; names the part: see the values. */
  public static final String COMPONENT = "app.kubernetes.io/component";

  /** Value of {@link #COMPONENT} on cache pods; the operator's pod informer selects by it. */
  public static final String COMPONENT_CACHE = "cache";

  /** Value of {@link #COMPONENT} on what is made for an OssMountTest; read by people. */
  public static final String COMPONENT_TEST = "test";

  /** Recommended label; names who manages the object. */
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  /** Value of {@link #MANAGED_BY}; also the field manager of every server-side apply. */
  public static final String MANAGED_BY_VALUE = "ossmount-operator";

  /**
   * The OssMount's name, on everything made for it; read by people ({@code kubectl get pods -l})
   * and by the operator.
   */
  public static final String MOUNT = "ossmount.io/mount";

  /**
   * On a cache pod: its own name; the PodDisruptionBudget that the operator makes for it selects it
   * by this.
   */
  public static final String POD = "ossmount.io/pod";

  /**
   * The OssMountTest's name, on everything made for it; read by people and, to find its claims, by
   * the operator.
   */
  public static final String TEST = "ossmount.io/test";

  /**
   * {@code true} on the pod of the operator that leads; the chart's Service of the dashboard
   * selects by it.
   */
  public static final String LEADER = "ossmount.io/leader";

  private Labels() {}
}
