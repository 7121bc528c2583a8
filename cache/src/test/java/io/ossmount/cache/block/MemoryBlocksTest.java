package io.ossmount.cache.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.block.MemoryBlocks.Arrived;
import io.ossmount.cache.store.ObjectVersion;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class MemoryBlocksTest {
  private final AtomicInteger forgotten = new AtomicInteger();
  private final Places places = new Places();
  private final MemoryBlocks memory = new MemoryBlocks(1, places);

  /** One place. Something happens when somebody has looked for it everywhere and goes to wait. */
  @SuppressWarnings("serial") // it is not written
  private static final class Places extends Semaphore {
    private Runnable beforeWaiting = () -> {};

    Places() {
      super(1);
    }

    @Override
    public void acquire() throws InterruptedException {
      beforeWaiting.run();
      super.acquire();
    }
  }

  @SuppressWarnings("NullAway") // nobody asks of whom it is
  private void arrive() {
    var version = new ObjectVersion("a", "e", 1);
    var fetch = new Fetch(version, 0, 1, new Landing.InMemory(ByteBuffer.allocate(1), 0));
    memory.arrived(new Arrived(null, fetch, forgotten::incrementAndGet));
  }

  @Test
  void aBlockThatHasArrivedStaysUntilItsPlaceIsNeeded() {
    memory.acquire();
    arrive();
    assertThat(forgotten).hasValue(0);

    memory.acquire();
    assertThat(forgotten).hasValue(1);
    assertThat(memory.count()).isEqualTo(1);
  }

  @Test
  void whoGoesToWaitHasThePlaceOfTheBlockThatArrivesJustThen() {
    memory.acquire();
    places.beforeWaiting = this::arrive;

    memory.acquire();

    assertThat(forgotten).hasValue(1);
    assertThat(memory.count()).isEqualTo(1);
  }
}
