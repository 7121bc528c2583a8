package io.ossmount.bench;

import com.aliyun.oss.OSS;
import java.io.ByteArrayInputStream;
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

/** What is read: the same in the bucket and on the local disk. */
final class Data {
  static final String LARGE = "large.bin";
  static final String SMALL = "small";
  static final String OTHER = "other";
  static final String TREE = "tree";
  static final int SMALL_FILES = 2000;
  private static final int OTHER_FILES = 500;
  static final int SMALL_BYTES = 64 << 10;
  static final int TREE_DIRECTORIES = 100;
  static final int TREE_FILES = 100;
  private static final int WRITERS = 8;

  private final Bed bed;
  private final int mebibytes;

  Data(Bed bed, int mebibytes) {
    this.bed = bed;
    this.mebibytes = mebibytes;
  }

  /** Makes it. */
  void make() throws IOException, InterruptedException {
    FileWork.write(bed.local().resolve(LARGE), random(1 << 20), mebibytes);
    bed.oss().putObject(Bed.BUCKET, LARGE, bed.local().resolve(LARGE).toFile());
    byte[] small = random(SMALL_BYTES);
    byte[] tiny = random(100);
    List<Callable<Void>> writes = new ArrayList<>();
    smallKeys().forEach(key -> writes.add(() -> make(key, small)));
    smallKeys().stream()
        .limit(OTHER_FILES)
        .forEach(key -> writes.add(() -> make(key.replace(SMALL, OTHER), small)));
    for (int i = 0; i < TREE_DIRECTORIES; i++) {
      for (int j = 0; j < TREE_FILES; j++) {
        String key = TREE + "/directory-%03d/file-%03d".formatted(i, j);
        writes.add(() -> make(key, tiny));
      }
    }
    try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
      for (Future<Void> write : writers.invokeAll(writes)) {
        write.get();
      }
    } catch (ExecutionException failure) {
      throw new IOException(failure.getCause());
    }
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

  private Void make(String key, byte[] bytes) throws IOException {
    OSS oss = bed.oss();
    oss.putObject(Bed.BUCKET, key, new ByteArrayInputStream(bytes));
    Path file = bed.local().resolve(key);
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
