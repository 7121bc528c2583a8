package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.store.memory.InMemoryObjectStore;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Random operations do what they do to a model of the file system, however often its process is
 * killed in between: every descriptor goes on, and no byte is missing or there twice.
 */
final class KilledModelProperties {
  private static final int KILLS = 25;
  private static final int MOST_BETWEEN = 60;

  @Property(tries = 10)
  void whateverWasDoneWhenTheProcessWasKilledIsThereInTheNext(@ForAll long seed) {
    InMemoryObjectStore store = new InMemoryObjectStore();
    Random random = new Random(seed);
    KilledTarget target = new KilledTarget(new Mounted(store), seed);
    RandomOperations operations = new RandomOperations(seed, target);
    for (int i = 0; i < KILLS; i++) {
      operations.run(1 + random.nextInt(MOST_BETWEEN));
      target.kill();
    }
    operations.compare(target);
    operations.closeAll();
    target.kill();
    operations.compare(target);
    assertThat(target.mounted().keptHandles()).isZero();
    assertThat(store.uploads()).isZero();
    target.mounted().close();
    try (Mounted again = new Mounted(store)) {
      operations.compare(new MountedTarget(again));
    }
  }
}
