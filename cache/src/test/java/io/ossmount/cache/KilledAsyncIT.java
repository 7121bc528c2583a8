package io.ossmount.cache;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.store.oss.OssObjectStore;
import io.ossmount.cache.store.oss.Unset;
import io.ossmount.emulator.api.Operation;
import io.ossmount.emulator.fault.Effect;
import io.ossmount.emulator.fault.Fault;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Write mode Async on a real mount, with OSS that does not answer and a server that is killed with
 * SIGKILL. Needs root and /dev/fuse.
 */
@Timeout(300)
class KilledAsyncIT {
  @TempDir Path directory;
  private ServedMount mount = Unset.value();
  private final List<Integer> faults = new ArrayList<>();

  @BeforeEach
  void serve() throws Exception {
    mount = ServedMount.async(directory);
  }

  @AfterEach
  void end() throws Exception {
    ossIsBack();
    mount.end();
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  private Path path(String name) {
    return mount.target().resolve(name);
  }

  /** Nothing can be written: OSS answers with 503, again and again. */
  private void ossIsAway() {
    for (Operation operation :
        List.of(
            Operation.PUT_OBJECT,
            Operation.INITIATE_MULTIPART_UPLOAD,
            Operation.UPLOAD_PART,
            Operation.COMPLETE_MULTIPART_UPLOAD)) {
      Fault fault = Fault.on(operation).key("f*").gives(Effect.answer(503, "ServiceUnavailable"));
      faults.add(mount.oss().emulator().faults().add(fault));
    }
  }

  private void ossIsBack() {
    faults.forEach(mount.oss().emulator().faults()::remove);
    faults.clear();
  }

  private boolean isThere(String key) {
    try (OssObjectStore store = mount.oss().store()) {
      return store.head(key).isPresent();
    }
  }

  private void awaitObject(String key, byte[] bytes) {
    await().atMost(Duration.ofSeconds(150)).until(() -> isThere(key));
    assertThat(mount.oss().get(key)).isEqualTo(bytes);
  }

  @Test
  void what_was_closed_reaches_oss_after_a_kill_and_without_any_session() throws Exception {
    ossIsAway();
    byte[] small = bytes(1000);
    byte[] large = bytes(36 << 20);
    Files.write(path("f-small"), small);
    Files.write(path("f-large"), large);
    Files.write(path("f-tmp"), small);
    Files.move(path("f-tmp"), path("f-renamed"), StandardCopyOption.ATOMIC_MOVE);
    Files.write(path("f-gone"), small);
    Files.delete(path("f-gone"));
    assertThat(Files.readAllBytes(path("f-small"))).isEqualTo(small);
    assertThat(isThere("f-small")).isFalse();

    mount.replaceKilledWithoutSession();
    ossIsBack();

    awaitObject("f-small", small);
    awaitObject("f-large", large);
    awaitObject("f-renamed", small);
    assertThat(isThere("f-tmp")).isFalse();
    assertThat(isThere("f-gone")).isFalse();
    try (OssObjectStore store = mount.oss().store()) {
      assertThat(store.uploads("f-large")).isEmpty();
    }
  }

  @Test
  void what_is_pending_is_read_and_written_on_after_a_kill() throws Exception {
    ossIsAway();
    Files.write(path("f"), bytes(100_000));
    mount.replaceKilled();
    assertThat(Files.readAllBytes(path("f"))).isEqualTo(bytes(100_000));
    Files.write(path("f"), bytes(200_000));
    ossIsBack();
    await()
        .atMost(Duration.ofSeconds(150))
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(mount.oss().get("f")).isEqualTo(bytes(200_000)));
  }

  @Test
  void fsync_waits_for_oss_and_close_does_not() throws Exception {
    ossIsAway();
    Files.write(path("f-closed"), bytes(1000));
    assertThat(isThere("f-closed")).isFalse();
    try (FileChannel file = FileChannel.open(path("f-synced"), CREATE_NEW, WRITE)) {
      file.write(ByteBuffer.wrap(bytes(1000)));
      CompletableFuture<Void> synced =
          CompletableFuture.runAsync(() -> {
            try {
              file.force(true);
            } catch (java.io.IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
      await().during(Duration.ofSeconds(1)).until(() -> !synced.isDone());
      ossIsBack();
      await().atMost(Duration.ofSeconds(60)).until(synced::isDone);
      synced.join();
      assertThat(mount.oss().get("f-synced")).isEqualTo(bytes(1000));
    }
    awaitObject("f-closed", bytes(1000));
  }
}
