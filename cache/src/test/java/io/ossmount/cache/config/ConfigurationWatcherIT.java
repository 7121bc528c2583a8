package io.ossmount.cache.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.ossmount.cache.config.ConfigurationWatcher.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Touches a directory that changes as kubelet changes a Secret volume. */
@Timeout(30)
class ConfigurationWatcherIT {
  @TempDir Path volume;
  private final Logger log = (Logger) LoggerFactory.getLogger(ConfigurationWatcher.class);
  private final Told told = new Told();
  private final List<String> buckets = new CopyOnWriteArrayList<>();
  private ConfigurationWatcher watcher = new ConfigurationWatcher(Path.of("unused"));

  @BeforeEach
  void watch() {
    log.addAppender(told);
    told.start();
    watcher = new ConfigurationWatcher(volume.resolve("mount.json"));
  }

  private void note(Loaded loaded) {
    buckets.add(loaded.settings().source().bucket());
  }

  @AfterEach
  void stop() {
    watcher.close();
    log.detachAppender(told);
  }

  /** Keeps what the watcher tells. */
  private static final class Told extends AppenderBase<ILoggingEvent> {
    private final Queue<String> texts = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
      texts.add(event.getFormattedMessage());
    }
  }

  private void awaitTold(String part) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> told.texts.stream().anyMatch(text -> text.contains(part)));
  }

  @Test
  void a_swapped_volume_is_read_and_a_broken_one_leaves_the_old_in_force() throws Exception {
    swapTo("1", json("bucket-1"));
    watcher.start();
    Loaded first = watcher.awaitFirst();
    assertThat(first.settings().source().bucket()).isEqualTo("bucket-1");
    watcher.onChange(first, this::note);

    swapTo("2", json("bucket-2"));
    await().atMost(Duration.ofSeconds(10)).until(() -> buckets.contains("bucket-2"));
    swapTo("3", "{ broken");
    awaitTold("the one before stays in force");
    assertThat(bucketInForce()).isEqualTo("bucket-2");
    swapTo("4", json("bucket-4"));

    await().atMost(Duration.ofSeconds(10)).until(() -> buckets.contains("bucket-4"));
    assertThat(buckets).containsExactly("bucket-2", "bucket-4");
    assertThat(bucketInForce()).isEqualTo("bucket-4");
  }

  @Test
  void who_is_slow_to_begin_is_told_what_has_changed_meanwhile() throws Exception {
    swapTo("1", json("bucket-1"));
    watcher.start();
    Loaded first = watcher.awaitFirst();
    swapTo("2", json("bucket-2"));
    await().atMost(Duration.ofSeconds(10)).until(() -> bucketInForce().equals("bucket-2"));

    watcher.onChange(first, this::note);

    assertThat(buckets).containsExactly("bucket-2");
  }

  @Test
  void a_file_that_comes_later_is_found() throws Exception {
    watcher.start();
    awaitTold("waiting for one");

    swapTo("1", json("bucket-1"));

    assertThat(watcher.awaitFirst().hash()).hasSize(64).matches("[0-9a-f]+");
  }

  private String bucketInForce() {
    Loaded loaded = watcher.inForce();
    return loaded == null ? "none" : loaded.settings().source().bucket();
  }

  private static String json(String bucket) {
    return "{\"source\": {\"bucket\": \"%s\", \"endpoint\": \"http://h\", \"region\": \"r\"},"
            .formatted(bucket)
        + "\"cache\": {\"sizeBytes\": 1}}";
  }

  /** Writes a directory and points {@code ..data} at it, by rename, as kubelet's AtomicWriter. */
  private void swapTo(String name, String text) throws IOException {
    Files.writeString(
        Files.createDirectory(volume.resolve(".." + name)).resolve("mount.json"), text);
    Path link = Files.createSymbolicLink(volume.resolve("..tmp"), Path.of(".." + name));
    Files.move(link, volume.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    Path user = volume.resolve("mount.json");
    if (!Files.exists(user, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      Files.createSymbolicLink(user, Path.of("..data/mount.json"));
    }
  }
}
