package io.ossmount.chaos.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The files that are there from the start, of which only {@link Versions#FIRST} changes. Follows
 * from the seed alone, so the processes that read them need no list. Immutable.
 *
 * @param seed of the run
 */
public record Dataset(long seed) {
  /** Larger than the cache: read by requests, never in passthrough. */
  public static final File BIG = new File("big.bin", 288L << 20);

  /** Small enough to be wholly in the cache: read in passthrough, where the kernel can. */
  public static final File WARM = new File("warm.bin", 16L << 20);

  /** To be mapped. */
  public static final File MAPPED = new File("map.bin", 24L << 20);

  /** To be mapped, and read in parts only: never wholly in the cache. */
  public static final File COLD = new File("cold.bin", 32L << 20);

  /** Directory of the small files. */
  public static final String SMALL = "small";

  /** Directory of the tree that is walked. */
  public static final String TREE = "tree";

  /** Directories in {@link #SMALL}. */
  public static final int SMALL_DIRECTORIES = 16;

  /** Files in each of them. */
  public static final int SMALL_FILES = 32;

  /** Entries of each directory of {@link #TREE}, on each of its levels. */
  public static final int TREE_WIDTH = 7;

  private static final int PARTS = 4;
  private static final long PART_BYTES = 32L << 20;
  private static final int SMALL_STEP = 3_001;
  private static final int TINY = 100;
  private static final int CHUNK = 1 << 20;

  /**
   * A file.
   *
   * @param path relative to the mount
   * @param size in bytes
   */
  public record File(String path, long size) {}

  /** Read from the beginning to the end. */
  public static List<File> parts() {
    return IntStream.range(0, PARTS).mapToObj(i -> new File("seq/part-" + i, PART_BYTES)).toList();
  }

  /** Small files: of directory {@code i / SMALL_FILES}. */
  public static List<File> small() {
    return IntStream.range(0, SMALL_DIRECTORIES * SMALL_FILES)
        .mapToObj(i ->
            new File(
                SMALL + "/dir-%02d/file-%02d".formatted(i / SMALL_FILES, i % SMALL_FILES),
                i % SMALL_FILES * (long) SMALL_STEP))
        .toList();
  }

  /** Files of the tree, on its third level. */
  public static List<File> tree() {
    return IntStream.range(0, TREE_WIDTH * TREE_WIDTH * TREE_WIDTH)
        .mapToObj(i ->
            new File(
                TREE
                    + "/a-%d/b-%d/c-%d"
                        .formatted(
                            i / TREE_WIDTH / TREE_WIDTH,
                            i / TREE_WIDTH % TREE_WIDTH,
                            i % TREE_WIDTH),
                TINY))
        .toList();
  }

  /** All files. */
  public static List<File> all() {
    var all = new ArrayList<>(List.of(BIG, WARM, MAPPED, COLD, Versions.FIRST));
    all.addAll(parts());
    all.addAll(small());
    all.addAll(tree());
    return all;
  }

  /** What is in one of them. */
  public Content of(File file) {
    return Content.of(seed, file.path(), 0);
  }

  /** Writes all of them below a directory. */
  public void write(Path directory) throws IOException {
    for (var file : all()) {
      var path = directory.resolve(file.path());
      Files.createDirectories(path.resolveSibling(""));
      write(path, of(file), file.size());
    }
  }

  /** Writes one file. */
  public static void write(Path path, Content content, long size) throws IOException {
    var buffer = ByteBuffer.allocateDirect((int) Math.min(CHUNK, Math.max(1, size)));
    try (var channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (long at = 0; at < size; at += buffer.limit()) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), size - at));
        content.fill(buffer, at);
        buffer.flip();
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      }
    }
  }
}
