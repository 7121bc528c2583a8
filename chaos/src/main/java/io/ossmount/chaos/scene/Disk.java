package io.ossmount.chaos.scene;

import io.ossmount.fuse.kernel.MountTable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small disk of its own for the cache: an ext4 in a file, so that it can be filled. */
public final class Disk implements AutoCloseable {
  private static final long BYTES = 448L << 20;
  private static final int BLOCK = 1 << 20;

  private final Path image;
  private final Path directory;

  private Disk(Path image, Path directory) {
    this.image = image;
    this.directory = directory;
  }

  /**
   * Makes and mounts one.
   *
   * @param image file that it is in; goes with it
   */
  public static Disk mount(Path image, Path directory) throws IOException, InterruptedException {
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(BYTES);
    }
    Command.run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
    Files.createDirectories(directory);
    Command.run("mount", "-o", "loop", image.toString(), directory.toString());
    return new Disk(image, directory);
  }

  /** Takes all that is free, and with it what becomes free until {@link #makeRoom}. */
  public void fill() throws IOException {
    var store = Files.getFileStore(directory);
    var ballast = ballast();
    try (var file = new RandomAccessFile(ballast.toFile(), "rw")) {
      var zeros = new byte[BLOCK];
      while (store.getUsableSpace() > 0) {
        file.write(zeros, 0, (int) Math.min(BLOCK, store.getUsableSpace()));
      }
    } catch (IOException full) {
      // That is what was wanted.
      if (!Files.exists(ballast)) {
        throw full;
      }
    }
  }

  /** Gives it back. */
  public void makeRoom() throws IOException {
    Files.deleteIfExists(ballast());
  }

  private Path ballast() {
    return directory.resolve("ballast");
  }

  @Override
  public void close() throws IOException {
    Command.tryRun("umount", directory.toString());
    var isInUse = MountTable.read().at(directory).isPresent();
    if (isInUse) {
      Command.tryRun("umount", "--lazy", directory.toString());
    }
    Files.deleteIfExists(image);
    if (isInUse) {
      throw new IOException("something on the cache's disk was in use to the end");
    }
  }
}
