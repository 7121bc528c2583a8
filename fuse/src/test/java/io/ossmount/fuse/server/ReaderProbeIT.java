package io.ossmount.fuse.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.fuse.Caller;
import io.ossmount.fuse.Entry;
import io.ossmount.fuse.Outcome;
import io.ossmount.fuse.SessionState;
import io.ossmount.fuse.testing.MemoryFileSystem;
import io.ossmount.fuse.testing.TestMount;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whether a server can tell that it takes requests. */
@Timeout(60)
final class ReaderProbeIT {
  private static final Duration LONG = Duration.ofSeconds(10);

  @TempDir Path directory;

  @Test
  void readers_that_hang_do_not_come() throws Exception {
    CountDownLatch hangs = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (TestMount mount =
        TestMount.mount(directory, state -> new HangingFiles(state, hangs, goOn))) {
      assertThat(mount.server().isReading(LONG)).isTrue();
      assertThat(mount.server().isReading(LONG)).isTrue();
      Process process = new ProcessBuilder("ls", mount.root().resolve("x").toString()).start();
      try {
        assertThat(hangs.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(mount.server().isReading(Duration.ofMillis(300))).isFalse();
      } finally {
        goOn.countDown();
      }
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(mount.server().isReading(LONG)).isTrue();
    }
  }

  /** Its lookups wait on the thread that reads requests, as nothing may. */
  private static final class HangingFiles extends MemoryFileSystem {
    private final CountDownLatch hangs;
    private final CountDownLatch goOn;

    HangingFiles(SessionState state, CountDownLatch hangs, CountDownLatch goOn) {
      super(state);
      this.hangs = hangs;
      this.goOn = goOn;
    }

    @Override
    public Outcome<Entry> lookup(Caller caller, long parent, String name) {
      hangs.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return super.lookup(caller, parent, name);
    }
  }
}
