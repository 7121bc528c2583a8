package io.ossmount.cache.fs;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A file system of its own in a directory, so that it can be full or fail. Needs root. */
final class SmallDisk implements AutoCloseable {
  private final Path directory;
  private final FileStore store;

  private SmallDisk(Path directory) throws IOException {
    this.directory = directory;
    this.store = Files.getFileStore(directory);
  }

  /** In memory: it accounts each page at once, also those of deleted files that are open. */
  static SmallDisk inMemory(Path directory, int mebibytes) throws IOException {
    Files.createDirectories(directory);
    KernelMount.run(
        directory, "mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "t", "" + directory);
    return new SmallDisk(directory);
  }

  /** An ext4 in a file beside the directory, read-only after an error as many disks' are. */
  static SmallDisk ext4(Path directory, int mebibytes) throws IOException {
    Files.createDirectories(directory);
    Path image = directory.resolveSibling(directory.getFileName() + ".img");
    KernelMount.run(directory, "truncate", "-s", mebibytes + "M", "" + image);
    KernelMount.run(directory, "mkfs.ext4", "-q", "-m", "0", "-O", "^has_journal", "" + image);
    KernelMount.run(directory, "mount", "-o", "loop,errors=remount-ro", "" + image, "" + directory);
    return new SmallDisk(directory);
  }

  /** Bytes that are taken. */
  long usedBytes() throws IOException {
    return store.getTotalSpace() - store.getUnallocatedSpace();
  }

  /** Leaves no more than this. */
  void fill(int mebibytesLeft) throws IOException {
    long left = store.getUsableSpace() - ((long) mebibytesLeft << 20);
    KernelMount.run(directory, "fallocate", "-l", "" + left, "filler");
  }

  /** Makes room again. */
  void empty() throws IOException {
    Files.delete(directory.resolve("filler"));
  }

  /** From now on nothing can be written. */
  void fail() throws IOException {
    String device = store.name();
    Files.writeString(
        Path.of("/sys/fs/ext4", Path.of(device).getFileName().toString(), "trigger_fs_error"), "x");
  }

  @Override
  public void close() {
    // Files that a kernel has read in passthrough are let go in the background.
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .untilAsserted(() -> KernelMount.run(Path.of("/"), "umount", "" + directory));
  }
}
