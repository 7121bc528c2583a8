package io.ossmount.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.block.CacheLimits;
import io.ossmount.cache.block.DiskBlockCache;
import io.ossmount.cache.config.MountJson;
import io.ossmount.cache.config.MountSettings;
import io.ossmount.cache.control.NestedHealth;
import io.ossmount.cache.fs.MountSessions;
import io.ossmount.cache.fs.MountTree;
import io.ossmount.cache.serve.SessionsToCome;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import io.ossmount.cache.write.StagingArea;
import io.ossmount.cache.write.StagingBudget;
import io.ossmount.cache.write.Uploader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A nested mount that the local disk does not allow comes when that does. */
@Timeout(60)
class NestedRetryIT {
  private static final String SETTINGS =
      """
      {"source": {"bucket": "my-bucket", "endpoint": "http://127.0.0.1:1", "region": "r"},
       "cache": {"sizeBytes": "10000000"}, "timeouts": {"connect": "1s", "operation": "2s"},
       "mounts": [
         {"path": "good", "source":
           {"bucket": "other", "endpoint": "http://127.0.0.1:1", "region": "r"}},
         {"path": "bad", "source":
           {"bucket": "other", "endpoint": "http://127.0.0.1:1", "region": "r"}}]}
      """;

  private static final String DISK_FAILED = "CacheDiskFailed";

  @TempDir Path directory;

  private static final StoreRequests UNWATCHED =
      new StoreRequests() {
        @Override
        public ObjectStore counted(ObjectStore store) {
          return store;
        }

        @Override
        public void failed(StoreException failure) {
          // Nobody counts.
        }
      };

  private static String reason(NestedMounts nested) {
    return nested.health().getLast().store().reason();
  }

  @Test
  void what_failed_is_tried_again() throws Exception {
    MountSettings settings = MountJson.parse(SETTINGS.getBytes(UTF_8));
    InMemoryObjectStore store = new InMemoryObjectStore();
    StagingBudget budget = new StagingBudget(1 << 20);
    Path staging = directory.resolve("staging");
    try (DiskBlockCache cache =
        DiskBlockCache.start(
            directory.resolve("blocks"), "my-bucket", store, new CacheLimits(1 << 24, 0, 0))) {
      MountTree root =
          new MountTree(
              MountSessions.options(settings),
              new MountTree.Parts(
                  store,
                  cache,
                  StagingArea.open(staging, 1 << 20),
                  new Uploader(store, 1 << 20),
                  Clock.systemUTC(),
                  System::nanoTime));
      var ground = new NestedTree.Ground(root, cache, staging, budget, 1000, "node", UNWATCHED);
      Path inTheWay = ground.staging(NestedTree.id(settings.mounts().getLast()));
      Files.createDirectories(ground.nested());
      Files.createFile(inTheWay);
      try (NestedMounts nested = new NestedMounts(ground, Duration.ofMillis(100))) {
        nested.apply(settings, SessionsToCome.NONE);
        assertThat(nested.health()).extracting(NestedHealth::path).containsExactly("good", "bad");
        await().during(Duration.ofMillis(500)).until(() -> reason(nested).equals(DISK_FAILED));
        assertThat(nested.health().getLast().store().message()).contains(inTheWay.toString());

        Files.delete(inTheWay);
        await().until(() -> !reason(nested).equals(DISK_FAILED));
        assertThat(nested.health()).extracting(NestedHealth::path).containsExactly("good", "bad");
      }
      root.close();
    }
  }
}
