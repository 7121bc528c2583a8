package io.ossmount.operator.render;

import java.util.List;

/**
 * What all cache pods of an installation have in common.
 *
 * @param image of the cache pod
 * @param imagePullPolicy as in every pod
 * @param imagePullSecrets names of Secrets in each OssMount's own namespace, besides those of its
 *     spec
 * @param priorityClass "" for none
 * @param driver name of the CSI driver
 * @param logLevel of the cache pods
 * @param version of OssMount, for a label
 */
public record CachePodSettings(
    String image,
    String imagePullPolicy,
    List<String> imagePullSecrets,
    String priorityClass,
    String driver,
    String logLevel,
    String version) {
  /** Copies. */
  public CachePodSettings {
    imagePullSecrets = List.copyOf(imagePullSecrets);
  }
}
