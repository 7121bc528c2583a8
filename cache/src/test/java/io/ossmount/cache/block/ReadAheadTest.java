package io.ossmount.cache.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.block.ReadAhead.Window;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
  private static final int READ = 128 << 10;
  private final ReadAhead readAhead = new ReadAhead();

  @Test
  void the_first_read_fetches_nothing_ahead() {
    assertThat(ahead(readAhead.after(0, READ))).isZero();
  }

  @Test
  void the_window_grows_with_a_sequential_reader_up_to_its_bound() {
    int before = 0;
    int most = 0;
    for (int i = 0; i < 1_000; i++) {
      Window window = readAhead.after((long) i * READ, READ);
      if (i == 0) {
        continue;
      }
      int end = window.to() - Blocks.at((long) i * READ);
      assertThat(end).isGreaterThanOrEqualTo(before - 1);
      before = end;
      most = Math.max(most, end);
      assertThat(window.run()).isBetween(1, ReadAhead.MOST_RUN);
    }
    assertThat(most).isBetween(64, 65);
  }

  @Test
  void what_was_asked_for_is_not_asked_for_again() {
    Window window = new Window(0, 0, 0, false);
    for (int i = 0; i < 100; i++) {
      window = readAhead.after((long) i * READ, READ);
    }
    readAhead.reached(window.to());

    assertThat(ahead(readAhead.after(100L * READ, 1))).isZero();
  }

  @Test
  void a_reader_that_jumps_fetches_nothing_ahead() {
    for (int i = 0; i < 100; i++) {
      long position = (i * 7919L % 1000) * (8L << 20) + (4L << 20);
      assertThat(ahead(readAhead.after(position, 4096))).isZero();
    }
  }

  @Test
  void reads_that_come_a_little_out_of_order_are_sequential() {
    for (int i = 0; i < 64; i += 2) {
      readAhead.after((i + 1L) * READ, READ);
      readAhead.after((long) i * READ, READ);
    }

    assertThat(ahead(readAhead.after(64L * READ, READ))).isGreaterThan(8);
  }

  private static int ahead(Window window) {
    return Math.max(0, window.to() - window.from());
  }

  @Test
  void whoJumpsLeavesWhatWasFetchedAhead() {
    for (int i = 0; i < 10; i++) {
      assertThat(readAhead.after((long) i * READ, READ).isElsewhere()).isFalse();
    }

    assertThat(readAhead.after(500L * Blocks.SIZE, READ).isElsewhere()).isTrue();
  }
}
