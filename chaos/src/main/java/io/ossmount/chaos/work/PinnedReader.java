package io.ossmount.chaos.work;

import io.ossmount.chaos.content.Content;
import io.ossmount.chaos.content.Versions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads a file that somebody else replaces meanwhile: a descriptor stays the version that its first
 * block tells, or is ESTALE, also after a fault; the next one is of none that is older.
 */
final class PinnedReader implements Workload {
  /** A descriptor lives for some seconds, so that faults and replacements come into its life. */
  private static final int READS = 600;

  /** Most reads are in one part, which is soon in the cache and can be read on. */
  private static final int PARTS = 4;

  /** One in so many reads is anywhere. */
  private static final int READS_OF_A_LEAP = 300;

  private static final int MOST = 64 << 10;
  private static final int STALE = -2;
  private static final String NAME = Versions.FIRST.path();

  private final Site site;
  private final Versions versions;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(MOST).order(ByteOrder.LITTLE_ENDIAN);
  private long newest;

  PinnedReader(Site site) {
    this.site = site;
    this.versions = new Versions(site.data().seed());
  }

  @Override
  public void step(Probe probe) throws Stopped {
    var path = site.at(Versions.FIRST);
    var opened = probe.run(Operation.OPEN, NAME, () -> open(path));
    if (opened.isEmpty()) {
      return;
    }
    try (var channel = opened.get()) {
      if (pin(probe, channel)) {
        readOn(probe, channel);
      }
    } catch (IOException _) {
      // Of close, which says nothing about what was read.
    }
  }

  /** Whether it is a version that may be seen now: {@link #newest} then. */
  private boolean pin(Probe probe, FileChannel channel) throws Stopped {
    if (!fill(probe, channel, 0, Content.BLOCK)) {
      return false;
    }
    var version = versions.withSeed(buffer.getLong(0)).orElse(newest - 1);
    probe.check(version >= newest, "%s is none, or older than %d".formatted(NAME, newest));
    newest = Math.max(newest, version);
    return version == newest;
  }

  private void readOn(Probe probe, FileChannel channel) throws Stopped {
    var size = Versions.size(newest);
    var usual = site.random().nextInt(PARTS);
    var isThere = true;
    for (int i = 0; isThere && i < READS; i++) {
      var isLeap = site.random().nextInt(READS_OF_A_LEAP) == 0;
      var part = isLeap ? site.random().nextInt(PARTS) : usual;
      var at = size / PARTS * part + site.random().nextLong(size / PARTS);
      isThere = fill(probe, channel, at, (int) Math.min(MOST, size - at));
      if (isThere) {
        probe.check(buffer, versions.content(newest), at, NAME + " of version " + newest);
      }
      Pacing.afterReads();
    }
  }

  /** Reads into the buffer; false: the version is gone, or ends before its end. */
  private boolean fill(Probe probe, FileChannel channel, long at, int length) throws Stopped {
    buffer.clear().limit(length);
    while (buffer.hasRemaining()) {
      var from = at + buffer.position();
      var about = NAME + " at " + from;
      int count = probe.run(Operation.READ, about, () -> read(channel, from));
      if (count < 0) {
        probe.check(count == STALE, about + " of version " + newest + " ends");
        return false;
      }
    }
    buffer.flip();
    return true;
  }

  private int read(FileChannel channel, long from) throws IOException {
    try {
      return channel.read(buffer, from);
    } catch (IOException e) {
      return ifStale(e, STALE);
    }
  }

  /** Empty: it was replaced twice while it was opened. */
  private static Optional<FileChannel> open(Path path) throws IOException {
    try {
      return Optional.of(FileChannel.open(path));
    } catch (IOException e) {
      return ifStale(e, Optional.empty());
    }
  }

  private static <T> T ifStale(IOException failure, T result) throws IOException {
    if (Errno.of(failure).equals("ESTALE")) {
      return result;
    }
    throw failure;
  }
}
