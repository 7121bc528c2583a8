package io.ossmount.cache.fs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An object that others replace, and which version of it an open may choose: one that OSS had at
 * some time since {@code attributeTimeout} before the open. Thread-safe; replaced by one thread at
 * a time.
 */
final class ObjectHistory {
  /** The kernel's clock of time-outs ticks every 10 ms at most; a busy machine is later still. */
  private static final long SLACK_NANOS = 300_000_000;

  private final String key;
  private final long timeoutNanos;
  private final List<Version> versions = new CopyOnWriteArrayList<>();

  ObjectHistory(String key, long timeoutNanos) {
    this.key = key;
    this.timeoutNanos = timeoutNanos;
  }

  /** One version. */
  static final class Version {
    private final byte[] bytes;
    private volatile boolean leaving;
    private volatile long goneNanos;
    private volatile boolean gone;

    private Version(byte[] bytes) {
      this.bytes = bytes;
    }

    byte[] bytes() {
      return bytes;
    }

    /** Whether OSS has another one, or may have it by now. */
    boolean isLeaving() {
      return leaving;
    }

    /** Whether a read of {@code length} bytes at {@code offset} may bring this. */
    boolean has(long offset, int length, byte[] read) {
      int start = (int) Math.min(offset, bytes.length);
      int end = (int) Math.min(offset + length, bytes.length);
      return Arrays.equals(bytes, start, end, read, 0, read.length);
    }
  }

  String key() {
    return key;
  }

  /** Puts other bytes, of the same size or another. */
  void replace(KernelMount mounted, Random random, int mostBytes) {
    int size =
        !versions.isEmpty() && random.nextInt(3) == 0
            ? versions.getLast().bytes.length
            : size(random, mostBytes);
    Version next = new Version(KernelMount.random(size, random.nextLong()));
    List<Version> before = List.copyOf(versions);
    before.forEach(version -> version.leaving = true);
    versions.add(next);
    mounted.put(key, next.bytes);
    long now = System.nanoTime();
    before.stream()
        .filter(version -> !version.gone)
        .forEach(version -> {
          version.goneNanos = now;
          version.gone = true;
        });
    // Nobody can choose the oldest any more, and its bytes take memory.
    if (versions.size() > 4) {
      versions.removeFirst();
    }
  }

  /** Sizes around those of blocks and pages, and any others. */
  private static int size(Random random, int mostBytes) {
    int[] edges = {0, 1, 4095, 4096, 65_537, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 2 << 20};
    return random.nextInt(3) == 0 ? edges[random.nextInt(edges.length)] : random.nextInt(mostBytes);
  }

  Version latest() {
    return versions.getLast();
  }

  /** What an open that began then, and has ended, may have chosen. */
  List<Version> choices(long openedNanos) {
    List<Version> choices = new ArrayList<>();
    for (Version version : versions) {
      if (!version.gone || openedNanos - version.goneNanos < timeoutNanos + SLACK_NANOS) {
        choices.add(version);
      }
    }
    return choices;
  }

  /** Whether an open that begins now has to choose the latest version. */
  boolean isSettled() {
    return choices(System.nanoTime()).size() == 1;
  }
}
