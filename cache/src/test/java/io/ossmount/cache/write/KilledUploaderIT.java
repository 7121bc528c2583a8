package io.ossmount.cache.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.oss.EmulatedOss;
import io.ossmount.cache.store.oss.OssObjectStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that uploads is killed with SIGKILL at any moment: the next one finds every file, makes
 * every object once, and leaves no multipart upload in OSS. {@code -Dossmount.seed=N} repeats,
 * {@code -Dossmount.kills=N} kills so often.
 */
@Timeout(600)
final class KilledUploaderIT {
  private static final long SEED = Long.getLong("ossmount.seed", System.nanoTime() % 1_000_000);
  private static final int KILLS = Integer.getInteger("ossmount.kills", 10);
  private static final int KEYS = 5;

  @TempDir Path directory;
  private final Random random = new Random(SEED);
  private int found;

  private Path staging() {
    return directory.resolve("staging");
  }

  @Test
  void noMultipartUploadIsLeftAndNoByteIsWrong() throws Exception {
    try (EmulatedOss oss = new EmulatedOss(directory.resolve("oss"));
        OssObjectStore store = oss.store();
        Uploader uploader = new Uploader(store, KilledUploader.PART_BYTES)) {
      for (int i = 0; i < KILLS; i++) {
        runAndKill(oss, SEED + i);
        // What was on its way to OSS arrives.
        Thread.sleep(2_000);
        goOn(oss, uploader, i % 2 == 0);
        for (int key = 0; key < KEYS; key++) {
          assertThat(store.uploads("key-" + key)).as("after kill %d", i).isEmpty();
        }
        assertThat(staging().toFile().list()).containsExactlyInAnyOrder(StagingArea.ASIDE, "boot");
      }
      assertThat(found).isPositive();
    } catch (Exception | AssertionError e) {
      throw new AssertionError("-Dossmount.seed=" + SEED, e);
    }
  }

  private void runAndKill(EmulatedOss oss, long seed) throws IOException, InterruptedException {
    Path log = directory.resolve("log");
    new KilledJvm(KilledUploader.class, log)
        .run(
            () -> Files.readString(log).contains("begins"),
            Duration.ofMillis(300 + random.nextInt(500)),
            staging().toString(),
            oss.emulator().endpoint(),
            Long.toString(seed));
  }

  private void goOn(EmulatedOss oss, Uploader uploader, boolean resumes) {
    StagingArea area = StagingArea.open(staging(), 1 << 30);
    for (Orphan orphan : area.orphans()) {
      found++;
      if (resumes && orphan.isHere()) {
        upload(oss, uploader, area.resume(orphan.name()).orElseThrow());
      } else {
        area.setAside(orphan.name());
      }
    }
    uploader.endLeftUploads(area);
    assertThat(area.usedBytes()).isZero();
  }

  private static void upload(EmulatedOss oss, Uploader uploader, StagedFile file) {
    MemorySegment all = MemorySegment.ofArray(new byte[(int) file.size()]);
    int _ = file.read(0, all, Optional.empty());
    Optional<ObjectVersion> made = uploader.settle(file);
    if (made.isEmpty()) {
      ObjectInfo _ = uploader.upload(file.key(), file, Optional.empty(), ObjectMetadata.NONE);
    }
    boolean isEmpty = file.size() == 0;
    assertThat(isEmpty ? new byte[0] : oss.get(file.key()))
        .isEqualTo(all.toArray(ValueLayout.JAVA_BYTE));
    file.discard();
  }
}
