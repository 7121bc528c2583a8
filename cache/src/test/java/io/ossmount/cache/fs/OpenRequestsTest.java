package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.store.memory.InMemoryObjectStore;
import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.OpenFlags;
import io.ossmount.fuse.Opened;
import io.ossmount.fuse.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is answered at once is answered by who reads the requests of all sessions. */
final class OpenRequestsTest {
  /** A step of {@link Mounted}'s clock. */
  private static final Duration STEP = Duration.ofNanos(1_000);

  /** For so long a file that was verified need not be again. */
  private static final Duration VERIFIED = Duration.ofSeconds(1);

  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final Mounted mounted = new Mounted(withFile(store));
  private final long node =
      Mounted.await(mounted.session.lookup(Mounted.CALLER, FileSystem.ROOT, "f")).node();

  private static InMemoryObjectStore withFile(InMemoryObjectStore store) {
    store.with("f", new byte[] {1, 2, 3});
    return store;
  }

  @AfterEach
  void close() {
    mounted.close();
  }

  private Outcome<Opened> open(int flags) {
    return mounted.session.open(Mounted.CALLER, node, OpenFlags.WRITE_ONLY | flags);
  }

  private void release(Outcome<Opened> opened) {
    Mounted.await(mounted.session.release(node, Mounted.await(opened).handle()));
  }

  @Test
  void anOpenThatTruncatesIsNotDoneAtOnceAlsoIfNothingGoesUpNow() {
    release(open(0));

    Outcome<Opened> truncated = open(OpenFlags.TRUNCATE);

    assertThat(truncated).isInstanceOf(Outcome.Later.class);
    release(truncated);
  }

  @Test
  void anOpenAtOnceDoesNotAskOssAlsoIfTheFileHasBecomeTooOldMeanwhile() {
    int atOnce = 0;
    for (int steps = 0; steps < 50; steps++) {
      mounted.pass(VERIFIED.multipliedBy(2));
      release(open(0));
      mounted.pass(VERIFIED.minus(STEP.multipliedBy(steps)));
      long asked = store.calls("head");
      Outcome<Opened> opened = open(0);
      if (opened instanceof Outcome.Now) {
        atOnce++;
        assertThat(store.calls("head")).isEqualTo(asked);
      }
      release(opened);
    }
    assertThat(atOnce).isBetween(1, 49);
  }
}
