package io.ossmount.csi.cluster;

import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.csi.volume.VolumeException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The objects of the cluster that the driver reads; it writes none but {@link Events}. Every method
 * asks the API server, waits some seconds at most, and throws {@link VolumeException.Unavailable}
 * when there is no answer: empty always means that the object is not there. Thread-safe.
 */
public interface Cluster {
  /** An OssMount by its name. */
  Optional<OssMount> ossMount(String namespace, String name);

  /** All OssMounts of all namespaces. */
  List<OssMount> ossMounts();

  /**
   * Calls {@code action} soon after an OssMount is deleted, until the result is closed. Best
   * effort: a deletion may be missed.
   */
  AutoCloseable onOssMountDeleted(Runnable action);

  /** The pods that are bound to a node, also those that are ending. {@link NodePods} keeps them. */
  List<PodOfNode> podsOn(String nodeName);

  /** The annotations of a PersistentVolumeClaim. */
  Optional<Map<String, String>> claimAnnotations(String namespace, String name);

  /** The labels of a namespace. */
  Optional<Map<String, String>> namespaceLabels(String namespace);
}
