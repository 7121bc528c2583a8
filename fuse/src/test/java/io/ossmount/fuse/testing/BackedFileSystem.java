package io.ossmount.fuse.testing;

import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.BackingFiles;
import io.ossmount.fuse.Caller;
import io.ossmount.fuse.Done;
import io.ossmount.fuse.Entry;
import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.Opened;
import io.ossmount.fuse.Outcome;
import io.ossmount.fuse.SessionState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One file, {@code data}, that shows a file of the local disk: in passthrough where the kernel can,
 * else by requests, which are counted.
 */
public final class BackedFileSystem implements FileSystem {
  private static final long DATA = 2;
  private static final Duration HOUR = Duration.ofHours(1);

  private final Path file;
  private final BackingFiles backing;
  private final AtomicInteger reads = new AtomicInteger();
  private volatile boolean passthrough = true;
  private volatile int id;

  /** Shows {@code file}. */
  public BackedFileSystem(Path file, SessionState state) {
    this.file = file;
    this.backing = state.backing();
  }

  /** READ requests that came. */
  public int reads() {
    return reads.get();
  }

  /** Whether the next opens are to be in passthrough. */
  public void passthrough(boolean wanted) {
    passthrough = wanted;
  }

  /** Takes the id of the file back. */
  public void closeBacking() {
    backing.close(id);
    id = 0;
  }

  @Override
  public Outcome<Entry> lookup(Caller caller, long parent, String name) {
    return Outcome.of(
        name.equals("data")
            ? new Entry(DATA, HOUR, attributes(DATA))
            : Entry.negative(Duration.ZERO));
  }

  @Override
  public Outcome<Attributes> getattr(Caller caller, long node, long handle) {
    return Outcome.of(attributes(node));
  }

  private Attributes attributes(long node) {
    try {
      int mode = node == DATA ? Attributes.REGULAR | 0644 : Attributes.DIRECTORY | 0755;
      long size = node == DATA ? Files.size(file) : 0;
      Instant time = Instant.EPOCH;
      return new Attributes(node, size, mode, 1, 0, 0, time, time, time, HOUR);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Outcome<Opened> open(Caller caller, long node, int flags) {
    return Outcome.later(() -> {
      if (!passthrough || !backing.isPossible()) {
        return new Opened(1, Set.of());
      }
      if (id == 0) {
        id = backing.open(file);
      }
      return Opened.withBacking(1, Set.of(Opened.Option.NOFLUSH), id);
    });
  }

  @Override
  public Outcome<Integer> read(
      Caller caller, long node, long handle, long offset, MemorySegment into) {
    reads.incrementAndGet();
    return Outcome.later(() -> {
      try (FileChannel channel = FileChannel.open(file)) {
        return Math.max(0, channel.read(into.asByteBuffer(), offset));
      }
    });
  }

  @Override
  public Outcome<Done> release(long node, long handle) {
    return Outcome.done();
  }
}
