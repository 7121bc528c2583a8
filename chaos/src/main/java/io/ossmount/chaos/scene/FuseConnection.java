package io.ossmount.chaos.scene;

import io.ossmount.fuse.kernel.MountEntry;
import io.ossmount.fuse.kernel.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The kernel's side of a mount: {@code fusectl} in {@code /sys}, which answers whatever the server
 * does.
 */
public final class FuseConnection {
  private final Path directory;

  private FuseConnection(Path directory) {
    this.directory = directory;
  }

  /**
   * That of what is mounted at {@code target}.
   *
   * @param control where fusectl is mounted
   */
  public static FuseConnection at(Path target, Path control) throws IOException {
    var mount =
        MountTable.read()
            .at(target)
            .filter(MountEntry::isFuse)
            .orElseThrow(() -> new IOException("no FUSE mount at " + target));
    return of(mount, control);
  }

  /** That of a mount. */
  public static FuseConnection of(MountEntry mount, Path control) {
    return new FuseConnection(control.resolve(Integer.toString(mount.minor())));
  }

  /** Requests that are not answered. */
  public int waiting() throws IOException {
    return Integer.parseInt(Files.readString(directory.resolve("waiting")).strip());
  }

  /** All requests, now and later, fail. */
  public void abort() {
    try {
      Files.writeString(directory.resolve("abort"), "1");
    } catch (IOException _) {
      // It is gone already.
    }
  }
}
