package io.ossmount.chaos.work;

import io.ossmount.chaos.content.Content;
import io.ossmount.chaos.work.Workload.Stopped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Stands between a workload and the kernel: times each operation and tells what went wrong. */
final class Probe {
  /** Shorter gaps are none: a loaded machine has them at any time. */
  private static final long SHORTEST_GAP_NANOS = 50_000_000;

  /** What fails all the time is told so often, and no more; so is what is wrong. */
  private static final int MOST_EVENTS = 2_000;

  private final WorkKind kind;
  private final Board board;
  private final BooleanSupplier isStopped;
  private final Consumer<Event> events;
  private int failures;
  private int wrongs;
  private long served;
  private long opened;

  /** One operation. */
  interface Action<T> {
    T run() throws IOException;
  }

  /** One operation without a result. */
  interface Deed {
    void run() throws IOException;
  }

  Probe(WorkKind kind, Board board, BooleanSupplier isStopped, Consumer<Event> events) {
    this.kind = kind;
    this.board = board;
    this.isStopped = isStopped;
    this.events = events;
    served = System.nanoTime();
    opened = served;
    board.progress(kind, served);
  }

  /** Does one operation. */
  <T> T run(Operation operation, Object about, Action<T> action) throws Stopped {
    if (isStopped.getAsBoolean()) {
      throw new Stopped("the end");
    }
    board.begin(kind, operation);
    try {
      var result = action.run();
      progress(operation);
      if (operation.isServed()) {
        served = System.nanoTime();
      }
      if (operation.isOpening()) {
        opened = System.nanoTime();
      }
      return result;
    } catch (IOException e) {
      throw failed(operation, Errno.of(e), about + ": " + e.getMessage());
    } catch (UncheckedIOException | DirectoryIteratorException e) {
      var cause = (IOException) Objects.requireNonNull(e.getCause());
      throw failed(operation, Errno.of(cause), about + ": " + cause.getMessage());
    } catch (InternalError e) {
      // What the JVM makes of SIGBUS in a mapping.
      throw failed(operation, "SIGBUS", about + ": " + e.getMessage());
    } finally {
      board.end(kind);
    }
  }

  /** Does one operation without a result. */
  void run(Operation operation, Object about, Deed deed) throws Stopped {
    var _ =
        run(
            operation,
            about,
            () -> {
              deed.run();
              return "";
            });
  }

  /** Something ended well: an operation, or a part of one that takes long. */
  void progress(Operation operation) {
    var before = board.lastProgress(kind);
    var now = System.nanoTime();
    if (now - before > SHORTEST_GAP_NANOS) {
      events.accept(new Event.Gap(kind, before, now, operation));
    }
    board.progress(kind, now);
  }

  /** An operation failed that was done elsewhere. */
  Stopped failed(Operation operation, String errno, String detail) {
    if (failures++ < MOST_EVENTS) {
      var well = operation.isByPath() ? served : opened;
      events.accept(new Event.Failed(kind, System.nanoTime(), well, operation, errno, detail));
    }
    return new Stopped(errno);
  }

  /** The buffer's remaining bytes have to be those of the file from {@code offset} on. */
  void check(ByteBuffer read, Content content, long offset, Object about) {
    checked(content.firstDifference(read, offset), read, offset, about, "seed " + content.seed());
  }

  /** The buffer's remaining bytes have to be these, which are as many. */
  void check(ByteBuffer read, ByteBuffer expected, long offset, Object about) {
    checked(read.mismatch(expected), read, offset, about, "descriptor");
  }

  private void checked(int difference, ByteBuffer read, long offset, Object about, String whose) {
    if (difference == Content.NONE) {
      board.moved(kind, read.remaining());
    } else {
      wrong(
          about
              + ": byte "
              + (offset + difference)
              + " of the "
              + whose
              + " is wrong; read from "
              + offset
              + ", "
              + read.remaining()
              + " bytes");
    }
  }

  /** This has to hold. */
  void check(boolean holds, String otherwise) {
    if (!holds) {
      wrong(otherwise);
    }
  }

  /** Tells the ledger. */
  void change(Event.Step step, String path, long seed, long size) {
    events.accept(new Event.Change(kind, step, path, seed, size));
  }

  /** So many bytes were written. */
  void wrote(long bytes) {
    board.moved(kind, bytes);
  }

  private void wrong(String detail) {
    if (wrongs++ < MOST_EVENTS) {
      events.accept(new Event.Wrong(kind, System.nanoTime(), detail));
    }
  }
}
