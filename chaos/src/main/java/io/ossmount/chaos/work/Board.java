package io.ossmount.chaos.work;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What each workload is doing right now, in a file that the processes share: who works never waits
 * for who looks, and what hangs in a system call can still be seen. Times are those of {@link
 * System#nanoTime}, which all processes of a machine share. Thread-safe; one writer for each
 * workload.
 */
public final class Board {
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  /** A cache line. */
  private static final int SLOT = 64;

  private static final int OPERATION = 0;
  private static final int PROGRESS = Long.BYTES;
  private static final int COUNT = 2 * Long.BYTES;
  private static final int BYTES = 3 * Long.BYTES;

  private static final Map<WorkKind, Integer> SLOTS = numbered(WorkKind.values());
  private static final Map<Operation, Integer> CODES = numbered(Operation.values());

  private final ByteBuffer memory;

  private Board(ByteBuffer memory) {
    this.memory = memory;
  }

  /** Opens the file, and makes it if it is not there. */
  public static Board open(Path file) throws IOException {
    try (var channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      var size = (long) SLOT * WorkKind.values().length;
      return new Board(channel.map(FileChannel.MapMode.READ_WRITE, 0, size));
    }
  }

  /** The operation that the workload is in, if it is in one. */
  public Optional<Operation> inFlight(WorkKind kind) {
    var code = get(kind, OPERATION);
    return CODES.entrySet().stream()
        .filter(entry -> entry.getValue() + 1L == code)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** When its last operation ended well; 0: none has. */
  public long lastProgress(WorkKind kind) {
    return get(kind, PROGRESS);
  }

  /** How many operations ended well. */
  public long operations(WorkKind kind) {
    return get(kind, COUNT);
  }

  /** How many bytes were read and found right, or written. */
  public long bytes(WorkKind kind) {
    return get(kind, BYTES);
  }

  void begin(WorkKind kind, Operation operation) {
    set(kind, OPERATION, number(CODES, operation) + 1L);
  }

  void end(WorkKind kind) {
    set(kind, OPERATION, 0);
  }

  void progress(WorkKind kind, long now) {
    set(kind, PROGRESS, now);
    set(kind, COUNT, get(kind, COUNT) + 1);
  }

  void moved(WorkKind kind, long bytes) {
    set(kind, BYTES, get(kind, BYTES) + bytes);
  }

  /** The processes run the same program, so their numbers are the same. */
  private static <T> Map<T, Integer> numbered(T[] values) {
    var numbers = new LinkedHashMap<T, Integer>();
    for (var value : values) {
      numbers.put(value, numbers.size());
    }
    return Map.copyOf(numbers);
  }

  private static <T> int number(Map<T, Integer> numbers, T value) {
    return Objects.requireNonNull(numbers.get(value));
  }

  private long get(WorkKind kind, int field) {
    return (long) LONG.getVolatile(memory, number(SLOTS, kind) * SLOT + field);
  }

  private void set(WorkKind kind, int field, long value) {
    LONG.setVolatile(memory, number(SLOTS, kind) * SLOT + field, value);
  }
}
