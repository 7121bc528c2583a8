package io.ossmount.operator.uninstall;

import java.util.List;

/**
 * What there is of OssMount in a cluster. Every question asks the cluster anew and fails with an
 * exception when there is no answer: an empty list always means that nothing is there.
 */
interface Installation {
  /** The PersistentVolumes of the driver, each in words with its claim. */
  List<String> volumes();

  /** All OssMounts, those that are being deleted included. */
  List<MountName> ossMounts();

  /** Asks for the deletion of an OssMount; one that is gone already is fine. */
  void delete(MountName mount);

  /** All OssMountTests. */
  List<MountName> ossMountTests();

  /** Asks for the deletion of an OssMountTest; one that is gone already is fine. */
  void deleteTest(MountName test);

  /**
   * What waits on nodes to be uploaded and is not given up, each in words with its OssMount and
   * node.
   */
  List<String> pendingWrites();

  /** Takes the operator's hold from an OssMount; one that is gone already is fine. */
  void release(MountName mount);

  /** The cache pods of all namespaces, each as {@code NAMESPACE/NAME}. */
  List<String> cachePods();

  /** The directories of OssMounts on the nodes, each in words with its node. */
  List<String> nodeDirectories();

  /** The nodes that cannot be asked, because their node plugin does not run. */
  List<String> silentNodes();

  /** An OssMount, or a test of one, by its name. */
  record MountName(String namespace, String name) {
    @Override
    public String toString() {
      return namespace + "/" + name;
    }
  }
}
