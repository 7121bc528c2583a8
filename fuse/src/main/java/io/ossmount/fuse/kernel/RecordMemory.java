package io.ossmount.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ossmount.fuse.SessionRecords;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Records in a part of a session's memory: slots of two sizes, so that a long key does not make all
 * of them long.
 *
 * <p>A new body goes to a free slot, whose state is written last; then the old slot is freed. So a
 * process that is killed at any moment leaves the old record, the new one or both, of which the one
 * with the higher number counts. So that there is one, the last free slot of each size is not for
 * new records. Pages that no record has used are never touched.
 */
final class RecordMemory implements SessionRecords {
  private static final int HEADER_BYTES = 48;
  private static final int SHORT_BYTES = HEADER_BYTES + SMALL_BYTES;
  private static final int SHORT_SLOTS = 16_384;
  private static final int LONG_BYTES = HEADER_BYTES + MAX_BYTES;
  private static final int LONG_SLOTS = 1024;

  /** Of the part, with a page for how much of it was ever used. */
  static final long BYTES =
      4096L + (long) SHORT_BYTES * SHORT_SLOTS + (long) LONG_BYTES * LONG_SLOTS;

  private static final long AT_STATE = 0;
  private static final long AT_LENGTH = 4;
  private static final long AT_CHECKSUM = 8;
  private static final long AT_KIND = 12;
  private static final long AT_ID = 16;
  private static final long AT_NUMBER = 24;
  private static final long AT_COUNT = 32;

  private static final int FREE = 0;
  private static final int WHOLE = 0x57484F4C;
  private static final VarHandle STATE = JAVA_INT.varHandle();
  private static final int NODE = 1;
  private static final int HANDLE = 2;

  private final Slots shortSlots;
  private final Slots longSlots;

  /** Guarded by this, as the number and the slots are. */
  private final Map<Key, MemorySegment> records = new HashMap<>();

  private long number;

  /** Finds the records that an earlier server left in {@code part}. */
  RecordMemory(MemorySegment part) {
    shortSlots = shortSlots(part);
    longSlots = longSlots(part);
    shortSlots.forEachUsed(this::found);
    longSlots.forEachUsed(this::found);
    shortSlots.findFree(RecordMemory::isFree);
    longSlots.findFree(RecordMemory::isFree);
  }

  private static Slots shortSlots(MemorySegment part) {
    return new Slots(part, 0, 4096, SHORT_BYTES, SHORT_SLOTS);
  }

  private static Slots longSlots(MemorySegment part) {
    return new Slots(part, 8, 4096 + (long) SHORT_BYTES * SHORT_SLOTS, LONG_BYTES, LONG_SLOTS);
  }

  /** Looks a record up in {@code part} without taking it over: nothing is changed there. */
  static Optional<byte[]> find(MemorySegment part, Key wanted) {
    return slot(part, wanted).map(slot -> body(slot, slot.get(JAVA_INT, AT_LENGTH)));
  }

  /** Sets the count of a record in {@code part}; false when it is not there. */
  static boolean count(MemorySegment part, Key wanted, long count) {
    Optional<MemorySegment> found = slot(part, wanted);
    found.ifPresent(slot -> slot.set(JAVA_LONG, AT_COUNT, count));
    return found.isPresent();
  }

  private static Optional<MemorySegment> slot(MemorySegment part, Key wanted) {
    List<MemorySegment> found = new ArrayList<>();
    Consumer<MemorySegment> visitor =
        slot -> {
          if (slot.get(JAVA_LONG, AT_ID) == wanted.id() && wanted.equals(key(slot))) {
            found.add(slot);
          }
        };
    shortSlots(part).forEachUsed(visitor);
    longSlots(part).forEachUsed(visitor);
    return found.stream().max(Comparator.comparingLong(RecordMemory::number));
  }

  private static boolean isFree(MemorySegment slot) {
    return (int) STATE.getAcquire(slot, AT_STATE) == FREE;
  }

  private synchronized void found(MemorySegment slot) {
    if (isFree(slot)) {
      return;
    }
    Key key = key(slot);
    MemorySegment other = key == null ? null : records.get(key);
    if (key == null || (other != null && number(other) > number(slot))) {
      free(slot);
      return;
    }
    records.put(key, slot);
    if (other != null) {
      free(other);
    }
    number = Math.max(number, number(slot));
  }

  /** What a slot is about; null when it is not whole. */
  private static @Nullable Key key(MemorySegment slot) {
    int length = slot.get(JAVA_INT, AT_LENGTH);
    int kind = slot.get(JAVA_INT, AT_KIND);
    boolean isWhole =
        (int) STATE.getAcquire(slot, AT_STATE) == WHOLE
            && length >= 0
            && length <= slot.byteSize() - HEADER_BYTES
            && (kind == NODE || kind == HANDLE)
            && slot.get(JAVA_INT, AT_CHECKSUM) == checksum(slot, body(slot, length));
    return isWhole
        ? new Key(kind == NODE ? Kind.NODE : Kind.HANDLE, slot.get(JAVA_LONG, AT_ID))
        : null;
  }

  private static int checksum(MemorySegment slot, byte[] body) {
    CRC32C crc = new CRC32C();
    crc.update(body);
    long header = slot.get(JAVA_LONG, AT_ID) * 31 + slot.get(JAVA_INT, AT_KIND);
    return (int) crc.getValue() ^ Long.hashCode(header * 31 + number(slot)) ^ body.length;
  }

  private static byte[] body(MemorySegment slot, int length) {
    byte[] body = new byte[length];
    MemorySegment.copy(slot, JAVA_BYTE, HEADER_BYTES, body, 0, length);
    return body;
  }

  private static long number(MemorySegment slot) {
    return slot.get(JAVA_LONG, AT_NUMBER);
  }

  private void free(MemorySegment slot) {
    STATE.setRelease(slot, AT_STATE, FREE);
    (slot.byteSize() == SHORT_BYTES ? shortSlots : longSlots).free(slot);
  }

  @Override
  public synchronized boolean put(Key key, byte[] body) {
    MemorySegment old = records.remove(key);
    MemorySegment slot = take(body.length, old);
    if (slot != null) {
      slot.set(JAVA_INT, AT_LENGTH, body.length);
      slot.set(JAVA_INT, AT_KIND, key.kind() == Kind.NODE ? NODE : HANDLE);
      slot.set(JAVA_LONG, AT_ID, key.id());
      slot.set(JAVA_LONG, AT_NUMBER, ++number);
      slot.set(JAVA_LONG, AT_COUNT, old == null ? 0 : old.get(JAVA_LONG, AT_COUNT));
      MemorySegment.copy(body, 0, slot, JAVA_BYTE, HEADER_BYTES, body.length);
      slot.set(JAVA_INT, AT_CHECKSUM, checksum(slot, body));
      STATE.setRelease(slot, AT_STATE, WHOLE);
      records.put(key, slot);
    }
    if (old != null) {
      free(old);
    }
    return slot != null;
  }

  private @Nullable MemorySegment take(int bodyBytes, @Nullable MemorySegment old) {
    if (bodyBytes > MAX_BYTES) {
      return null;
    }
    boolean isSmall = bodyBytes <= SMALL_BYTES;
    // Who has one of this size gives it back.
    boolean isReplaced = old != null && isSmall == (old.byteSize() == SHORT_BYTES);
    return (isSmall ? shortSlots : longSlots).take(isReplaced ? 0 : 1);
  }

  @Override
  public synchronized void count(Key key, long count) {
    MemorySegment slot = records.get(key);
    if (slot != null) {
      slot.set(JAVA_LONG, AT_COUNT, count);
    }
  }

  @Override
  public synchronized void remove(Key key) {
    MemorySegment slot = records.remove(key);
    if (slot != null) {
      free(slot);
    }
  }

  @Override
  public synchronized void forEach(Visitor visitor) {
    records.forEach((key, slot) ->
        visitor.record(
            key, slot.get(JAVA_LONG, AT_COUNT), body(slot, slot.get(JAVA_INT, AT_LENGTH))));
  }
}
