package io.ossmount.api;

/** Names of the CSI driver and of what its chart installs. */
public final class Driver {
  /**
   * Name of the CSI driver: the CSIDriver object, {@code spec.csi.driver} of volumes, {@code
   * spec.attacher} of VolumeAttachments. The chart and the driver write it; Kubernetes, the
   * operator (to find demand) and the driver read it.
   */
  public static final String NAME = "ossmount.io";

  /** The StorageClass that the chart installs; claims name it. */
  public static final String STORAGE_CLASS = "ossmount";

  /** API group of {@code OssMount}; prefix of every label and annotation. */
  public static final String GROUP = "ossmount.io";

  /**
   * Finalizer of an OssMount, written and taken away by the operator: holds an OssMount that
   * volumes (PersistentVolumes) still use.
   */
  public static final String FINALIZER = "ossmount.io/volumes";

  private Driver() {}
}
