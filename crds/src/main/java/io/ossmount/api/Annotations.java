package io.ossmount.api;

/** Annotations, each with who writes it and who reads it. */
public final class Annotations {
  /**
   * On a PersistentVolumeClaim: the OssMount of the claim's namespace that it means. Written by the
   * user, read by the controller plugin in CreateVolume. Without it, the OssMount with the claim's
   * own name is meant.
   */
  public static final String MOUNT = "ossmount.io/mount";

  /**
   * On a PersistentVolumeClaim: the directory below the OssMount's own that the volume shows.
   * Written by the user, read by the controller plugin in CreateVolume. Without it, the volume
   * shows all of the OssMount.
   */
  public static final String DIRECTORY = "ossmount.io/directory";

  /**
   * On an OssMount: each new value drops what its caches hold, once. Written by the user: at most
   * 63 printable characters, such as a date. Read by the operator, which hands it to the cache
   * pods. Without it, nothing is dropped.
   */
  public static final String RESET = "ossmount.io/reset";

  /**
   * On an OssMount: names of nodes, with commas between them, whose writes that are not uploaded
   * are given up. Written by an administrator, read and taken off by the operator. A node whose
   * cache pod answers is left as it is. Without it, the operator waits for such a node for ever.
   */
  public static final String FORGET_PENDING = "ossmount.io/forget-pending";

  /**
   * On a PersistentVolumeClaim: how the volume is read, Cache or None. Written by the user, and by
   * the operator on the claims of an OssMountTest; read by the controller plugin in CreateVolume.
   * Without it, as the StorageClass says, else the OssMount.
   */
  public static final String READ_MODE = "ossmount.io/read-mode";

  /**
   * On a PersistentVolumeClaim: how the volume is written, Through or Async. Written by the user,
   * and by the operator on the claims of an OssMountTest; read by the controller plugin in
   * CreateVolume. Without it, as the StorageClass says, else the OssMount.
   */
  public static final String WRITE_MODE = "ossmount.io/write-mode";

  /**
   * On a cache pod: SHA-256 in hex of the {@code mount.json} that the operator rendered, with
   * {@code -ATTEMPT} behind it when the pod did not take it up in time. Written by the operator so
   * that kubelet, which syncs a pod when its annotations change, refreshes the pod's Secret volume
   * at once; nobody reads the value but the operator. Without it, the pod sees the change with
   * kubelet's next periodic sync.
   */
  public static final String CONFIGURATION = "ossmount.io/configuration";

  /**
   * On a cache pod: SHA-256 in hex of each part of its template. Written by the operator when it
   * makes the pod, and with each change of the running pod; read by the operator to see that a pod
   * is out of date.
   */
  public static final String TEMPLATE = "ossmount.io/template";

  /**
   * On a cache pod: how often its container had been restarted when the operator last made a change
   * that restarts it. Written by the operator with the change, read by the operator to see that
   * kubelet has made it: the container has been restarted once more. Without it, nothing was
   * changed.
   */
  public static final String RESTARTS_BEFORE_CHANGE = "ossmount.io/restarts-before-change";

  private Annotations() {}
}
