package io.ossmount.fuse.server;

import static io.ossmount.fuse.testing.Shell.output;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.fuse.testing.MemoryFileSystem;
import io.ossmount.fuse.testing.TestMount;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Figures of the way through the kernel, printed; the bounds only tell a broken one. The kernel
 * drops its pages of a file at each open, so what is measured is this server.
 */
@Timeout(120)
final class ThroughputIT {
  private static final int MEBIBYTES = 512;

  @TempDir Path directory;

  @Test
  void a_file_in_memory_is_read_fast_and_without_garbage() throws Exception {
    AtomicLong reads = new AtomicLong();
    try (TestMount mount =
        TestMount.mount(directory, state -> new CountingFiles(state, reads, MEBIBYTES))) {
      for (int readAhead : new int[] {128, 1024, 4096}) {
        FuseMount.setReadAhead(mount.root(), readAhead);
        double best = 0;
        for (int round = 0; round < 3; round++) {
          best = Math.max(best, readOnce(mount));
        }
        System.out.printf("read-ahead %4d KiB: %.0f MiB/s%n", readAhead, best);
        assertThat(best).isGreaterThan(100);
      }
      long before = allocatedByReaders();
      long requests = reads.get();
      readOnce(mount);
      assertThat(reads.get() - requests).isGreaterThanOrEqualTo(MEBIBYTES);
      long perRead = (allocatedByReaders() - before) / (reads.get() - requests);
      System.out.printf("allocated per READ: %d bytes%n", perRead);
      assertThat(perRead).isLessThan(2000);
    }
  }

  private static double readOnce(TestMount mount) throws Exception {
    long start = System.nanoTime();
    output("dd if=$1/file of=/dev/null bs=1M status=none", mount.root());
    return MEBIBYTES / ((System.nanoTime() - start) / 1e9);
  }

  private static long allocatedByReaders() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long bytes = 0;
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("fuse-reader")) {
        bytes += threads.getThreadAllocatedBytes(thread.threadId());
      }
    }
    return bytes;
  }

  @Test
  void lookups_and_attributes_are_answered_by_the_thousand() throws Exception {
    try (TestMount mount = TestMount.mount(directory, MemoryFileSystem::new)) {
      Path file = Files.createFile(mount.root().resolve("file"));
      double best = 0;
      for (int round = 0; round < 5; round++) {
        int count = 10_000;
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
          Files.getLastModifiedTime(file);
        }
        best = Math.max(best, count / ((System.nanoTime() - start) / 1e9));
      }
      // Nothing may be kept by the kernel: each stat(2) is a GETATTR of the root and a LOOKUP.
      System.out.printf("stat(2): %.0f/s%n", best);
      assertThat(best).isGreaterThan(500);
    }
  }
}
