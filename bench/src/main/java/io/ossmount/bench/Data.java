package io.ossmount.bench;

import com.aliyun.oss.OSS;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What is read: files of a directory of the local disk, which become the bucket's objects. */
final class Data {
  static final String LARGE = "large.bin";
  static final String SMALL = "small";
  static final String OTHER = "other";
  static final String OTHER_TREE = "other-tree";
  static final String TREE = "tree";
  static final String FLAT = "flat";
  static final String MANY = "many";
  static final int SMALL_FILES = 2000;
  static final int SMALL_BYTES = 64 << 10;
  static final int OTHER_TREE_FILES = 5_000;
  static final int TREE_FILES = 10_000;
  static final int FLAT_FILES = 100_000;
  static final int MANY_OBJECTS = 128;

  private static final int OTHER_FILES = 2000;
  private static final int FILES_OF_A_DIRECTORY = 100;
  private static final int TINY_BYTES = 100;
  private static final int WRITERS = 4;

  private final Path directory;
  private final int mebibytes;

  Data(Path directory, int mebibytes) {
    this.directory = directory;
    this.mebibytes = mebibytes;
  }

  /**
   * Makes the files.
   *
   * @param withFlat the directory of many files as well, which takes a while
   */
  void make(boolean withFlat) throws IOException, InterruptedException {
    FileWork.write(directory.resolve(LARGE), random(1 << 20), mebibytes);
    byte[] small = random(SMALL_BYTES);
    byte[] tiny = random(TINY_BYTES);
    List<Callable<Void>> writes = new ArrayList<>();
    smallKeys().forEach(key -> writes.add(() -> make(key, small)));
    smallKeys().stream()
        .limit(OTHER_FILES)
        .forEach(key -> writes.add(() -> make(key.replace(SMALL, OTHER), small)));
    treeKeys(TREE, TREE_FILES).forEach(key -> writes.add(() -> make(key, tiny)));
    treeKeys(OTHER_TREE, OTHER_TREE_FILES).forEach(key -> writes.add(() -> make(key, tiny)));
    for (int i = 0; withFlat && i < FLAT_FILES; i++) {
      String key = FLAT + "/file-%06d".formatted(i);
      writes.add(() -> make(key, tiny));
    }
    try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
      for (Future<Void> write : writers.invokeAll(writes)) {
        write.get();
      }
    } catch (ExecutionException failure) {
      throw new IOException(failure.getCause());
    }
  }

  /** Makes many large objects, by copies inside the bucket. */
  static void makeMany(OSS oss, String bucket) {
    manyKeys().forEach(key -> oss.copyObject(bucket, LARGE, bucket, key));
  }

  long largeBytes() {
    return (long) mebibytes << 20;
  }

  /** Keys of the small objects, in order. */
  static List<String> smallKeys() {
    return IntStream.range(0, SMALL_FILES)
        .mapToObj(i -> SMALL + "/file-%04d".formatted(i))
        .toList();
  }

  private static Stream<String> treeKeys(String tree, int files) {
    return IntStream.range(0, files)
        .mapToObj(i ->
            tree
                + "/directory-%03d/file-%03d"
                    .formatted(i / FILES_OF_A_DIRECTORY, i % FILES_OF_A_DIRECTORY));
  }

  static List<String> manyKeys() {
    return IntStream.range(0, MANY_OBJECTS)
        .mapToObj(i -> MANY + "/object-%03d".formatted(i))
        .toList();
  }

  private Void make(String key, byte[] bytes) throws IOException {
    Path file = directory.resolve(key);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
    return null;
  }

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    return bytes;
  }
}
