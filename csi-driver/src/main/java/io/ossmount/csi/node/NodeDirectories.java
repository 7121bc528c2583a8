package io.ossmount.csi.node;

import io.ossmount.csi.volume.VolumeException.NodeFault;
import io.ossmount.fuse.kernel.MountEntry;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The node's directory of each OssMount, {@code mounts/UID} below the driver's own: the socket that
 * its cache pod connects to, its cache and its /tmp. It outlives cache pods.
 *
 * <p>The directory itself is root's, so that a pod cannot put another socket in the place of the
 * plugin's; what is below {@code cache} and {@code tmp} is the pod's, and not trusted.
 */
final class NodeDirectories {
  private static final String MOUNTS = "mounts";
  private static final String SOCKET = "plugin.sock";
  private static final List<String> OF_THE_POD = List.of("cache", "tmp");
  private static final Pattern UID = Pattern.compile("[A-Za-z0-9-]{1,63}");

  /** Deeper than any cache; a pod can make a tree that deep only to exhaust who walks it. */
  private static final int DEEPEST = 64;

  private final Path root;
  private final int podUser;

  /**
   * Directories below {@code cacheDir}.
   *
   * @param podUser user and group id that cache pods run as
   */
  NodeDirectories(Path cacheDir, int podUser) {
    root = cacheDir.resolve(MOUNTS);
    this.podUser = podUser;
  }

  /** The directory of an OssMount. */
  Path of(String ossMountUid) {
    return root.resolve(ossMountUid);
  }

  /** The socket in it. */
  Path socket(String ossMountUid) {
    return of(ossMountUid).resolve(SOCKET);
  }

  /** Makes the directory with what belongs into it, and sets owners and modes right. */
  synchronized void prepare(String ossMountUid) {
    var directory = of(ossMountUid);
    try {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      for (var name : OF_THE_POD) {
        var ofPod = directory.resolve(name);
        if (!Files.isDirectory(ofPod, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectory(ofPod);
        }
        Files.setPosixFilePermissions(ofPod, PosixFilePermissions.fromString("rwx------"));
        Files.setAttribute(ofPod, "unix:uid", podUser, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(ofPod, "unix:gid", podUser, LinkOption.NOFOLLOW_LINKS);
      }
    } catch (IOException e) {
      throw new NodeFault("cannot make the directory of a cache pod: " + e);
    }
  }

  /** UIDs of all OssMounts that have a directory here. */
  List<String> ossMountUids() {
    if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (var entries = Files.newDirectoryStream(root)) {
      var uids = new ArrayList<String>();
      for (var entry : entries) {
        var name = entry.getFileName().toString();
        if (UID.matcher(name).matches()) {
          uids.add(name);
        }
      }
      return uids;
    } catch (IOException e) {
      throw new NodeFault("cannot list " + root + ": " + e);
    }
  }

  /** Whether the mount shows the directory of the OssMount, whatever disk that is on. */
  boolean isBind(MountEntry mount, String ossMountUid) {
    return !mount.isFuse() && mount.root().endsWith("/" + ossMountUid);
  }

  /** Whether the mount shows the directory of some OssMount. */
  boolean isBind(MountEntry mount) {
    return ossMountUids().stream().anyMatch(uid -> isBind(mount, uid));
  }

  /** Removes the directory and all below it, without following a link, whatever a pod put there. */
  void delete(String ossMountUid) throws IOException {
    try (var entries = Files.newDirectoryStream(root)) {
      if (!(entries instanceof SecureDirectoryStream<Path> secure)) {
        throw new IOException("this system cannot remove a tree safely");
      }
      delete(secure, Path.of(ossMountUid), DEEPEST);
    }
  }

  private static void delete(SecureDirectoryStream<Path> parent, Path name, int depth)
      throws IOException {
    if (depth == 0) {
      throw new IOException("a directory is nested more than " + DEEPEST + " deep");
    }
    try (SecureDirectoryStream<Path> directory =
        parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
      for (var entry : (DirectoryStream<Path>) directory) {
        var file = entry.getFileName();
        var attributes =
            directory
                .getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
        if (attributes.isDirectory()) {
          delete(directory, file, depth - 1);
        } else {
          directory.deleteFile(file);
        }
      }
    } catch (NoSuchFileException _) {
      return;
    }
    parent.deleteDirectory(name);
  }
}
