package io.ossmount.csi.fdstore;

import java.nio.file.Path;

/**
 * Where the cache pods of an OssMount have their socket and cache on this node.
 *
 * @param ossMountUid of the OssMount
 * @param path directory that a pod sees as its own
 */
record OssMountDirectory(String ossMountUid, Path path) {}
