package io.ossmount.csi.node;

import java.nio.file.Path;

/**
 * Where the node plugin runs.
 *
 * @param nodeName name of the node in Kubernetes
 * @param kubeletDir kubelet's root directory; targets lie below it
 * @param cacheDir the driver's own directory
 * @param podUser user and group id that cache pods run as
 */
public record NodeSettings(String nodeName, Path kubeletDir, Path cacheDir, int podUser) {}
