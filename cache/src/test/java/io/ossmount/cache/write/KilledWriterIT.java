package io.ossmount.cache.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.write.KilledWriter.Step;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that writes to a staged file is killed with SIGKILL again and again, and the next one
 * goes on: every byte that was answered is there. A failure tells the seed; {@code
 * -Dossmount.seed=N} repeats it, {@code -Dossmount.kills=N} kills so often.
 */
@Timeout(600)
final class KilledWriterIT {
  private static final long SEED = Long.getLong("ossmount.seed", System.nanoTime() % 1_000_000);
  private static final int KILLS = Integer.getInteger("ossmount.kills", 30);

  @TempDir Path directory;
  private final Random random = new Random(SEED);
  private byte[] expected = new byte[0];
  private long done = -1;

  @Test
  void whatWasAnsweredIsThereAfterEveryKill() throws Exception {
    try {
      String name = "";
      for (int i = 0; i < KILLS; i++) {
        runAndKill(name);
        name = check();
      }
      assertThat(done).isGreaterThan(KILLS);
    } catch (Exception | AssertionError e) {
      throw new AssertionError("-Dossmount.seed=" + SEED, e);
    }
  }

  private Path answers() {
    return directory.resolve("answers");
  }

  private void runAndKill(String name) throws IOException, InterruptedException {
    new KilledJvm(KilledWriter.class, directory.resolve("log"))
        .run(
            () -> answered() != done,
            Duration.of(random.nextInt(200_000), ChronoUnit.MICROS),
            directory.resolve("staging").toString(),
            answers().toString(),
            Long.toString(SEED),
            Long.toString(done + 1),
            name);
  }

  private long answered() throws IOException {
    if (!Files.exists(answers()) || Files.size(answers()) < Long.BYTES) {
      return done;
    }
    return ByteBuffer.wrap(Files.readAllBytes(answers())).getLong();
  }

  /** Whether all is there that was answered; the step that was not may be there, or in part. */
  private String check() throws IOException {
    long answered = answered();
    for (long index = done + 1; index <= answered; index++) {
      expected = Step.of(SEED, index).applied(expected);
    }
    done = answered;
    StagingArea area = StagingArea.open(directory.resolve("staging"), 1 << 30);
    String name = area.orphans().getFirst().name();
    StagedFile file = area.resume(name).orElseThrow();
    MemorySegment all = MemorySegment.ofArray(new byte[(int) file.size()]);
    int _ = file.read(0, all, Optional.empty());
    byte[] found = all.toArray(ValueLayout.JAVA_BYTE);
    assertThat(area.usedBytes()).isEqualTo(file.writtenBytes());
    file.release();
    Step next = Step.of(SEED, done + 1);
    assertThat(isThat(found, expected, next) || isThat(found, next.applied(expected), next))
        .as("%d bytes after step %d of %d bytes", found.length, done, expected.length)
        .isTrue();
    return name;
  }

  private static boolean isThat(byte[] found, byte[] wanted, Step underWay) {
    if (found.length != wanted.length) {
      return false;
    }
    int from = Math.min(underWay.offset(), wanted.length);
    int to = Math.min(underWay.end(), wanted.length);
    return Arrays.equals(found, 0, from, wanted, 0, from)
        && Arrays.equals(found, to, found.length, wanted, to, wanted.length);
  }
}
