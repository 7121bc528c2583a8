package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.emulator.api.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many bytes of OSS a read costs. Needs root and /dev/fuse. */
@Timeout(120)
final class ReadCostIT extends OnKernelMount {
  private static final int MIB = 1 << 20;

  private long sentBytes() {
    return mounted.emulator.requests().bytesOut(Operation.GET_OBJECT);
  }

  @Test
  void readersOfOneColdFileCostOneDownload() throws Exception {
    byte[] bytes = mounted.put("cold", KernelMount.random(20 * MIB + 17, 1));
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<byte[]>> readers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        readers.add(threads.submit(() -> Files.readAllBytes(root.resolve("cold"))));
      }
      for (Future<byte[]> reader : readers) {
        assertThat(Arrays.equals(reader.get(), bytes)).isTrue();
      }
    }
    mounted.restart(() -> {});
    assertThat(Arrays.equals(Files.readAllBytes(root.resolve("cold")), bytes)).isTrue();
    assertThat(sentBytes()).as("also after a restart").isEqualTo(bytes.length);
  }

  @Test
  void randomReadsCostTheBlocksThatTheyTouch() throws IOException {
    byte[] bytes = mounted.put("cold", KernelMount.random(40 * MIB, 2));
    Random random = new Random(3);
    Set<Integer> touched = new HashSet<>();
    try (FileChannel file = FileChannel.open(root.resolve("cold"))) {
      for (int i = 0; i < 25; i++) {
        // Whole pages inside of one block: the kernel reads no others.
        int at = random.nextInt(bytes.length >> 12) << 12;
        ByteBuffer page = ByteBuffer.allocate(4096);
        assertThat(file.read(page, at)).isEqualTo(4096);
        assertThat(page.array()).isEqualTo(Arrays.copyOfRange(bytes, at, at + 4096));
        touched.add(at / MIB);
      }
    }
    // When it ends, nothing more is fetched.
    mounted.restart(() -> {});
    assertThat(sentBytes()).isLessThanOrEqualTo((long) touched.size() * MIB).isPositive();
  }

  @Test
  void aSmallFileIsFetchedOnceByAllWhoOpenItAtOnce() throws Exception {
    byte[] bytes = mounted.put("small", KernelMount.random(300_000, 4));
    Path file = root.resolve("small");
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<byte[]>> readers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        readers.add(threads.submit(() -> Files.readAllBytes(file)));
      }
      for (Future<byte[]> reader : readers) {
        assertThat(reader.get()).isEqualTo(bytes);
      }
    }
    assertThat(sentBytes()).isEqualTo(bytes.length);
  }
}
