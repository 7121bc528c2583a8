package io.ossmount.csi.cluster;

/**
 * A pod that is bound to a node.
 *
 * @param uid of the pod: what kubelet names its directories by
 * @param terminating whether it has been deleted, and its containers are ending
 */
public record PodOfNode(String namespace, String name, String uid, boolean terminating) {
  /** For messages: namespace/name. */
  public String label() {
    return namespace + "/" + name;
  }
}
