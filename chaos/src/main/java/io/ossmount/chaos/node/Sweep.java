package io.ossmount.chaos.node;

import io.ossmount.chaos.scene.Command;
import io.ossmount.chaos.scene.FuseConnection;
import io.ossmount.chaos.scene.Trees;
import io.ossmount.fuse.kernel.MountEntry;
import io.ossmount.fuse.kernel.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Takes away what is left of a node, in an order in which nothing hangs. */
final class Sweep {
  private static final int PATIENCE_SECONDS = 10;

  private Sweep() {}

  /** All mounts below the node's directories, the newest first. */
  static List<MountEntry> mounts(Place place) throws IOException {
    return MountTable.read().entries().stream()
        .filter(mount -> mount.target().startsWith(place.work() + "/"))
        .sorted(Comparator.comparingInt(MountEntry::id).reversed())
        .toList();
  }

  /** Aborts all FUSE connections: who hangs in one gets an error. */
  static void abort(Place place) {
    try {
      mounts(place).stream()
          .filter(MountEntry::isFuse)
          .forEach(mount -> FuseConnection.of(mount, place.control()).abort());
    } catch (IOException e) {
      System.err.println("the mounts cannot be read: " + e);
    }
  }

  /** Those that this process has started, and their own. */
  static void killDescendants() {
    var descendants = ProcessHandle.current().descendants().toList();
    descendants.forEach(ProcessHandle::destroyForcibly);
    try {
      for (var each : descendants) {
        var _ = each.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      System.err.println("a process does not end: " + e);
    }
  }

  /** Unmounts all and removes the node's files; its processes have to be gone. */
  static void all(Place place) {
    abort(place);
    try {
      for (var mount : mounts(place)) {
        Command.tryRun("umount", "--lazy", mount.target());
      }
      Files.deleteIfExists(place.pulse());
      if (mounts(place).isEmpty()) {
        Trees.delete(place.work());
      }
    } catch (IOException e) {
      System.err.println("left behind in " + place.work() + ": " + e);
    }
  }
}
