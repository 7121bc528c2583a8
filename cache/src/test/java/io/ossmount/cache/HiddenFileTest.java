package io.ossmount.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.store.StoreException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class HiddenFileTest {
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicReference<BooleanSupplier> answer = new AtomicReference<>(() -> true);
  private final HiddenFile hidden =
      new HiddenFile(() -> {
        asked.incrementAndGet();
        return answer.get().getAsBoolean();
      });

  private void lookAndAwait(int times) {
    await()
        .until(() -> {
          hidden.look();
          return asked.get() >= times;
        });
  }

  @Test
  void itIsFoundAndStaysFoundWhileTheBucketDoesNotAnswer() {
    assertThat(hidden.isFound()).isFalse();
    lookAndAwait(1);
    await().until(hidden::isFound);

    answer.set(() -> {
      throw new StoreException.Unreachable("away", new IOException("away"));
    });
    lookAndAwait(asked.get() + 2);
    assertThat(hidden.isFound()).isTrue();

    answer.set(() -> false);
    lookAndAwait(asked.get() + 1);
    await().until(() -> !hidden.isFound());
  }

  @Test
  void oneQuestionIsAskedAtATime() {
    CountDownLatch answered = new CountDownLatch(1);
    answer.set(() -> {
      try {
        answered.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return true;
    });
    lookAndAwait(1);
    hidden.look();
    hidden.look();
    assertThat(asked).hasValue(1);
    answered.countDown();
    await().until(hidden::isFound);
  }
}
