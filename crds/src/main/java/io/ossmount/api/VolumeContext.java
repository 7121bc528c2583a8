package io.ossmount.api;

/**
 * Keys of a volume's context ({@code spec.csi.volumeAttributes}), each with who writes it and who
 * reads it.
 *
 * <p>Of a PersistentVolume: frozen by the controller plugin in CreateVolume, or written by hand for
 * a static volume. Of an inline volume: written into the pod.
 */
public final class VolumeContext {
  /**
   * Namespace of the volume's OssMount. Written by the controller plugin or by hand; read by the
   * node plugin and by the operator. Required in a PersistentVolume.
   */
  public static final String NAMESPACE = "ossmount.io/namespace";

  /**
   * Name of the volume's OssMount. Written by the controller plugin or by hand; read by the node
   * plugin and by the operator. Required in a PersistentVolume.
   */
  public static final String NAME = "ossmount.io/name";

  /**
   * UID of the volume's OssMount. Written by the controller plugin; read by the node plugin and by
   * the operator: a volume never turns to another OssMount that took the name. Without it (a volume
   * written by hand) namespace and name decide.
   */
  public static final String UID = "ossmount.io/uid";

  /**
   * Directory below the OssMount's own that the volume shows. Written by the controller plugin or
   * by hand, read by the node plugin. Without it, the volume shows all of the OssMount.
   */
  public static final String DIRECTORY = "ossmount.io/directory";

  /**
   * How the volume is read, Cache or None. Written by the controller plugin or by hand, read by the
   * node plugin. Without it, as the OssMount says.
   */
  public static final String READ_MODE = "ossmount.io/read-mode";

  /**
   * How the volume is written, Through or Async. Written by the controller plugin or by hand, read
   * by the node plugin. Without it, as the OssMount says.
   */
  public static final String WRITE_MODE = "ossmount.io/write-mode";

  /**
   * Of an inline volume: what it is for. Written by the operator into cache pods, read by the node
   * plugin.
   */
  public static final String ROLE = "role";

  /**
   * Value of {@link #ROLE}: the node's directory of the cache pod that asks for it. The only one
   * that there is.
   */
  public static final String ROLE_CACHE = "cache";

  /**
   * Of an inline volume with {@link #ROLE_CACHE}: name of the OssMount, in the pod's own namespace.
   * Written by the operator, read by the node plugin.
   */
  public static final String OSS_MOUNT = "ossMount";

  private VolumeContext() {}
}
