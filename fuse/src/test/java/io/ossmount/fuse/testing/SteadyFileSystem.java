package io.ossmount.fuse.testing;

import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.Caller;
import io.ossmount.fuse.Entry;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.Opened;
import io.ossmount.fuse.Outcome;
import io.ossmount.fuse.SessionRecords;
import io.ossmount.fuse.SessionState;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * A file system that every process shows alike: two files, {@code data} and {@code flushed}, which
 * is told of each close, and one {@code directory}, with the same node ids and content in each
 * epoch. In the first epoch it never answers what it is asked to hold: reads of the second half of
 * the file, lookups of {@code later}, and every mkdir, for which it notes its epoch.
 */
public final class SteadyFileSystem implements FileSystem {
  /** Size of the file. */
  public static final long BYTES = 8 << 20;

  private static final long DATA = 2;
  private static final long DIRECTORY = 3;
  private static final long MADE = 4;
  private static final long NOBODY = 0;
  private static final long FLUSHED = 5;

  private final long epoch;
  private final Runnable onHold;

  /**
   * One for the process that {@code state} tells of.
   *
   * @param onHold runs when a request begins to be held
   */
  public SteadyFileSystem(SessionState state, Runnable onHold) {
    this.epoch = state.epoch();
    this.onHold = onHold;
    for (long node : new long[] {ROOT, DATA}) {
      state.records().put(new SessionRecords.Key(SessionRecords.Kind.NODE, node), record(node));
    }
    // That of everything that is opened.
    var handle = new SessionRecords.Key(SessionRecords.Kind.HANDLE, epoch);
    state.records().put(handle, new byte[0]);
  }

  private static byte[] record(long node) {
    return new byte[] {(byte) node};
  }

  /** What the record of a node says: those of the root and of {@code data} are kept. */
  public static Optional<Attributes> recorded(byte[] record) {
    return Optional.of(attributes(record[0]));
  }

  /** All of the file. */
  public static byte[] content() {
    byte[] bytes = new byte[(int) BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = byteAt(i);
    }
    return bytes;
  }

  /** What is at {@code offset} of the file. */
  public static byte byteAt(long offset) {
    return (byte) (offset * 31 + (offset >> 12));
  }

  @Override
  public Outcome<Entry> lookup(Caller caller, long parent, String name) {
    return switch (name) {
      case "directory" ->
          Outcome.of(new Entry(DIRECTORY, Duration.ofHours(1), attributes(DIRECTORY)));
      case "data" -> Outcome.of(new Entry(DATA, Duration.ofHours(1), attributes(DATA)));
      case "flushed" -> Outcome.of(new Entry(FLUSHED, Duration.ofHours(1), attributes(FLUSHED)));
      case "later" -> held(() -> new Entry(DATA, Duration.ofHours(1), attributes(DATA)));
      default -> Outcome.of(Entry.negative(Duration.ZERO));
    };
  }

  @Override
  public Outcome<Attributes> getattr(Caller caller, long node, long handle) {
    return Outcome.of(attributes(node));
  }

  private static Attributes attributes(long node) {
    boolean isFile = node == DATA || node == FLUSHED;
    int mode = isFile ? Attributes.REGULAR | 0644 : Attributes.DIRECTORY | 0755;
    long size = isFile ? BYTES : 0;
    Instant time = Instant.EPOCH;
    return new Attributes(node, size, mode, 1, 0, 0, time, time, time, Duration.ofHours(1));
  }

  @Override
  public Outcome<Opened> open(Caller caller, long node, int flags) {
    var options = node == FLUSHED ? Set.<Opened.Option>of() : Set.of(Opened.Option.NOFLUSH);
    return Outcome.of(new Opened(epoch, options));
  }

  @Override
  public Outcome<Integer> read(
      Caller caller, long node, long handle, long offset, MemorySegment into) {
    int count = (int) Math.clamp(BYTES - offset, 0, into.byteSize());
    Callable<Integer> work =
        () -> {
          for (int i = 0; i < count; i++) {
            into.set(ValueLayout.JAVA_BYTE, i, byteAt(offset + i));
          }
          return count;
        };
    return offset >= BYTES / 2 ? held(work) : Outcome.later(work);
  }

  @Override
  public Outcome<Entry> mkdir(Caller caller, long parent, String name, int mode) {
    long begunBy = caller.attempt().noted().orElse(NOBODY);
    caller.attempt().note(epoch);
    return held(() -> {
      if (begunBy != 1) {
        throw new FuseException(Errno.EROFS);
      }
      return new Entry(MADE, Duration.ofHours(1), attributes(MADE));
    });
  }

  private <T> Outcome<T> held(Callable<T> work) {
    return Outcome.later(() -> {
      if (epoch == 1) {
        onHold.run();
        TimeUnit.HOURS.sleep(1);
      }
      return work.call();
    });
  }
}
