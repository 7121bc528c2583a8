package io.ossmount.cache.write;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

/** A process that writes to a staged file until it is killed, and notes what was answered. */
final class KilledWriter {
  private static final int RUN = 64;
  private static final int CHUNK = 16 << 10;
  private static final int BYTES = 2 << 20;

  private KilledWriter() {}

  /** What is done to the file: bytes are written, or, if there are none, it ends at the offset. */
  static final class Step {
    private final int offset;
    private final byte[] bytes;

    private Step(int offset, byte[] bytes) {
      this.offset = offset;
      this.bytes = bytes;
    }

    /** The {@code index}th one: nothing but the two numbers says what it is. */
    static Step of(long seed, long index) {
      Random random = new Random(seed * 1_000_003 + index);
      int kind = random.nextInt(20);
      if (kind == 0) {
        return new Step(BYTES / 4 + random.nextInt(BYTES), new byte[0]);
      }
      boolean goesOn = kind < 14;
      byte[] bytes = new byte[goesOn ? CHUNK : 1 + random.nextInt(4 * CHUNK)];
      random.nextBytes(bytes);
      return new Step(goesOn ? (int) (index % RUN) * CHUNK : random.nextInt(BYTES), bytes);
    }

    int offset() {
      return offset;
    }

    int end() {
      return offset + bytes.length;
    }

    byte[] applied(byte[] before) {
      if (bytes.length == 0) {
        return Arrays.copyOf(before, offset);
      }
      byte[] after = Arrays.copyOf(before, Math.max(before.length, end()));
      System.arraycopy(bytes, 0, after, offset, bytes.length);
      return after;
    }

    private void apply(StagedFile file) {
      if (bytes.length == 0) {
        file.truncate(offset);
      } else {
        file.write(offset, MemorySegment.ofArray(bytes));
      }
    }
  }

  /** Staging directory, file of answers, seed, index of the first step, name of the file or "". */
  public static void main(String[] args) throws IOException {
    StagingArea area = StagingArea.open(Path.of(args[0]), 1 << 30);
    StagedFile file =
        args[4].isEmpty()
            ? area.create("key", Optional.empty())
            : area.resume(args[4]).orElseThrow();
    try (RandomAccessFile answers = new RandomAccessFile(args[1], "rw")) {
      for (long index = Long.parseLong(args[3]); ; index++) {
        Step.of(Long.parseLong(args[2]), index).apply(file);
        answers.seek(0);
        answers.writeLong(index);
      }
    }
  }
}
