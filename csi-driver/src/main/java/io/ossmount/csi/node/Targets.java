package io.ossmount.csi.node;

import io.ossmount.csi.volume.TargetPath;
import io.ossmount.csi.volume.VolumeException.InvalidRequest;
import io.ossmount.csi.volume.VolumeException.NodeFault;
import io.ossmount.fuse.kernel.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Makes and removes target directories, never looking at one that something is mounted at. */
final class Targets {
  private final Path kubeletDir;

  /** Targets below {@code kubeletDir}. */
  Targets(Path kubeletDir) {
    this.kubeletDir = kubeletDir;
  }

  /** Makes the directory; nothing is mounted there, as {@code mounts} says. */
  void create(TargetPath target, MountTable mounts) {
    requireSafe(target, mounts);
    try {
      Files.createDirectories(
          target.path(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
    } catch (IOException e) {
      throw new NodeFault("cannot make the target directory: " + e);
    }
  }

  /** Removes the directory; nothing is mounted there, as {@code mounts} says. */
  void delete(TargetPath target, MountTable mounts) {
    requireSafe(target, mounts);
    try {
      // rmdir(2) or unlink(2): nothing below a directory is removed.
      Files.deleteIfExists(target.path());
    } catch (IOException e) {
      throw new NodeFault("cannot remove the target directory: " + e);
    }
  }

  /** A path through a FUSE mount could hang, and who serves it, or made a link, could lead away. */
  private void requireSafe(TargetPath target, MountTable mounts) {
    for (var mount : mounts.entries()) {
      if (mount.type().startsWith("fuse") && target.path().startsWith(mount.target())) {
        throw new InvalidRequest("the target path lies in the FUSE mount " + mount.target());
      }
    }
    var at = kubeletDir;
    for (var segment : kubeletDir.relativize(target.path())) {
      at = at.resolve(segment);
      if (Files.isSymbolicLink(at)) {
        throw new InvalidRequest("the target path leads through the symbolic link " + at);
      }
    }
  }
}
