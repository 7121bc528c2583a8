package io.ossmount.cache.serve;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the plugin's question whether this process is well: only when the thread that talks with
 * the plugin has heard it, and a thread that reads requests has come when it was called. A thread
 * of its own waits for that; of questions that come meanwhile the last one is answered.
 */
final class PingAnswers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PingAnswers.class);

  /** Longer than a reader ever takes, and short enough to be asked again before the plugin acts. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final int IDLE_SECONDS = 10;

  private final Readers readers;
  private final LongConsumer answer;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(1),
          Thread.ofPlatform().name("pulse").daemon().factory(),
          new ThreadPoolExecutor.DiscardOldestPolicy());

  /** Those who take requests. */
  @FunctionalInterface
  interface Readers {
    /** Whether one of them comes within this time. */
    boolean come(Duration patience) throws InterruptedException;
  }

  /**
   * Answers by {@code answer}.
   *
   * @param answer is given the number of the question
   */
  PingAnswers(Readers readers, LongConsumer answer) {
    this.readers = readers;
    this.answer = answer;
    thread.allowCoreThreadTimeOut(true);
  }

  /** The plugin asks. Never waits. */
  void asked(long number) {
    thread.execute(() -> answer(number));
  }

  private void answer(long number) {
    try {
      if (readers.come(PATIENCE)) {
        answer.accept(number);
      } else {
        log.error("no thread has come to read requests for {}", PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
