package io.ossmount.chaos.content;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of one version of a file: each block of 4 KiB begins with the seed and its offset, the
 * rest is noise that follows from both. So a wrong block tells where it comes from. Immutable.
 *
 * @param seed of this version; no two versions of a run have the same
 */
public record Content(long seed) {
  /** Bytes of a block that describes itself. */
  public static final int BLOCK = 4096;

  /** {@link #firstDifference}: there is none. */
  public static final int NONE = -1;

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /**
   * The content of a version of a file.
   *
   * @param run seed of the run
   * @param path of the file
   * @param version counts from 0
   */
  public static Content of(long run, String path, long version) {
    long hash = FNV_OFFSET;
    for (byte each : path.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ each) * FNV_PRIME;
    }
    return new Content(mix(hash ^ mix(run) ^ mix(version + 1)));
  }

  /** Fills the buffer's remaining bytes with those from {@code offset} on. */
  public void fill(ByteBuffer buffer, long offset) {
    buffer.order(ByteOrder.LITTLE_ENDIAN);
    long at = offset;
    while (buffer.hasRemaining()) {
      if (at % Long.BYTES == 0 && buffer.remaining() >= Long.BYTES) {
        buffer.putLong(word(at));
        at += Long.BYTES;
      } else {
        buffer.put(byteAt(at));
        at++;
      }
    }
  }

  /**
   * Where the buffer's remaining bytes first differ from those from {@code offset} on, counted from
   * the buffer's position; {@link #NONE} when they are right. The position stays.
   */
  public int firstDifference(ByteBuffer read, long offset) {
    var buffer = read.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    long at = offset;
    while (buffer.hasRemaining()) {
      var isWord = at % Long.BYTES == 0 && buffer.remaining() >= Long.BYTES;
      var isRight = isWord ? buffer.getLong() == word(at) : buffer.get() == byteAt(at);
      if (!isRight) {
        return firstWrongByte(read, (int) (at - offset), offset);
      }
      at += isWord ? Long.BYTES : 1;
    }
    return NONE;
  }

  private int firstWrongByte(ByteBuffer read, int from, long offset) {
    int index = from;
    while (read.get(read.position() + index) == byteAt(offset + index)) {
      index++;
    }
    return index;
  }

  private byte byteAt(long offset) {
    return (byte) (word(offset & -Long.BYTES) >>> (Byte.SIZE * (offset % Long.BYTES)));
  }

  private long word(long offset) {
    return switch ((int) (offset % BLOCK)) {
      case 0 -> seed;
      case Long.BYTES -> offset;
      default -> mix(seed + offset * GOLDEN);
    };
  }

  /** Of SplitMix64. */
  private static long mix(long value) {
    long z = value + GOLDEN;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
