package io.ossmount.fuse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Files of a local disk that the kernel reads itself in the place of a session's nodes, so that no
 * request comes for them: FUSE passthrough. Thread-safe.
 *
 * <p>A node is open either with one backing file or through the page cache: while it is open with
 * one, the kernel fails every other open of it with EIO. So an id must be kept until the last such
 * open of its node was released.
 *
 * @see <a href="https://www.kernel.org/doc/html/latest/filesystems/fuse/fuse-passthrough.html">FUSE
 *     passthrough in the kernel's documentation</a>
 */
public interface BackingFiles {
  /** A kernel without passthrough. */
  BackingFiles NONE =
      new BackingFiles() {
        @Override
        public boolean isPossible() {
          return false;
        }

        @Override
        public int open(Path file) throws IOException {
          throw new IOException("no passthrough was negotiated");
        }

        @Override
        public void close(int id) {}
      };

  /** Whether the kernel and this server agreed on it in INIT; false before INIT. */
  boolean isPossible();

  /** Whether there is somebody to ask now: while there is not, {@link #open} is no use. */
  default boolean isReachable() {
    return true;
  }

  /**
   * Names a regular file to the kernel, to be read only. What is at {@code file} from now on may be
   * deleted: the kernel keeps it open.
   *
   * <p>Not for a reader thread: it may wait for the node plugin.
   *
   * @return its id in this session, greater than 0, for {@link Opened#withBacking}
   * @throws Away nobody was there to be asked
   * @throws IOException it is refused: by the kernel, whose message says why, or by the node plugin
   */
  int open(Path file) throws IOException;

  /**
   * Ids that an earlier server of the session had opened and that are still open in the kernel;
   * this server closes those that it does not use.
   */
  default List<Integer> inherited() {
    return List.of();
  }

  /** Takes an id back. Opens with it that were answered go on; there can be no new ones. */
  void close(int id);

  /** The node plugin was away, or silent: that says nothing about the file, or the next one. */
  final class Away extends IOException {
    private static final long serialVersionUID = 1L;

    /** With what happened. */
    public Away(String message) {
      super(message);
    }
  }
}
