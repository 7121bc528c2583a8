package io.ossmount.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * A server that is killed between any two stores. What it has stored of a tail by then is taken to
 * be any part of it, in words of eight bytes, but for what is stored last.
 */
final class RoomTailProperties {
  private static final int ROOM_BYTES = SessionMemory.SLOT_BYTES;
  private static final int TAIL = ROOM_BYTES - RoomTail.BYTES;
  private static final int REQUEST_BYTES = 60;

  private static MemorySegment room(Arena arena) {
    return arena.allocate(ROOM_BYTES, 4096);
  }

  /** As the kernel does: all of it at once, and nothing behind it. */
  private static void read(MemorySegment room, long unique) {
    room.set(JAVA_LONG, 8, unique);
    room.set(JAVA_INT, 0, REQUEST_BYTES);
  }

  private static byte[] answer(long unique, int payload) {
    byte[] bytes = new byte[16 + payload];
    new Random(unique).nextBytes(bytes);
    MemorySegment memory = MemorySegment.ofArray(bytes);
    memory.set(JAVA_INT.withByteAlignment(1), 0, bytes.length);
    memory.set(JAVA_LONG.withByteAlignment(1), 8, unique);
    return bytes;
  }

  private static void keep(MemorySegment room, byte[] answer) {
    RoomTail.keep(room, MemorySegment.ofArray(answer), answer.length);
  }

  /** What a killed process leaves of a step that has not come to the store at {@code last}. */
  private static void kill(MemorySegment room, byte[] before, long last, Random random) {
    for (int at = TAIL; at < ROOM_BYTES; at += 8) {
      if (at == TAIL + last || random.nextBoolean()) {
        MemorySegment.copy(before, at, room, JAVA_BYTE, at, 8);
      }
    }
  }

  @Property(tries = 200)
  void an_answer_is_there_whole_or_not_at_all_and_never_that_of_another_request(
      @ForAll long seed,
      @ForAll @IntRange(max = 224) int first,
      @ForAll @IntRange(max = 224) int second) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment room = room(arena);
      read(room, 6);
      keep(room, answer(6, first));
      assertThat(RoomTail.kept(room).orElseThrow()).isEqualTo(answer(6, first));

      SessionMemory.clear(room);
      read(room, 8);
      assertThat(RoomTail.kept(room)).isEmpty();
      byte[] before = room.toArray(JAVA_BYTE);
      keep(room, answer(8, second));
      assertThat(RoomTail.kept(room).orElseThrow()).isEqualTo(answer(8, second));

      kill(room, before, 24, new Random(seed));
      assertThat(RoomTail.kept(room)).isEmpty();
    }
  }

  @Property(tries = 200)
  void a_note_is_there_whole_or_not_at_all_and_never_that_of_another_request(
      @ForAll long seed, @ForAll long[] notes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment room = room(arena);
      for (long unique = 2; unique < 8; unique += 2) {
        read(room, unique);
        assertThat(RoomTail.noted(room)).isEmpty();
        byte[] before = room.toArray(JAVA_BYTE);
        OptionalLong last = OptionalLong.empty();
        for (long note : notes) {
          RoomTail.note(room, note);
          last = OptionalLong.of(note);
          assertThat(RoomTail.noted(room)).isEqualTo(last);
        }
        if (unique == 4) {
          kill(room, before, 0, new Random(seed));
          assertThat(RoomTail.noted(room)).isEmpty();
        }
        SessionMemory.clear(room);
      }
    }
  }

  @Property(tries = 100)
  void a_request_that_moves_is_always_somewhere_with_what_was_noted_and_answered(
      @ForAll long note, @ForAll boolean isNoted, @ForAll boolean isAnswered) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(SessionMemory.BUFFER_BYTES, 4096);
      MemorySegment slot = room(arena);
      read(slot, 2);
      RoomTail.note(slot, 77);
      keep(slot, answer(2, 50));
      SessionMemory.clear(slot);
      read(buffer, 4);
      if (isNoted) {
        RoomTail.note(buffer, note);
      }
      if (isAnswered) {
        keep(buffer, answer(4, 20));
      }
      MemorySegment before = arena.allocate(SessionMemory.BUFFER_BYTES, 4096).copyFrom(buffer);

      SessionMemory.move(buffer, REQUEST_BYTES, slot);

      assertThat(SessionMemory.length(buffer)).isZero();
      assertThat(SessionMemory.length(slot)).isEqualTo(REQUEST_BYTES);
      // Killed before the buffer is cleared, both have it, and both say the same.
      for (MemorySegment room : new MemorySegment[] {before, slot}) {
        assertThat(RoomTail.noted(room))
            .isEqualTo(isNoted ? OptionalLong.of(note) : OptionalLong.empty());
        assertThat(RoomTail.kept(room).orElse(new byte[0]))
            .isEqualTo(isAnswered ? answer(4, 20) : new byte[0]);
      }
    }
  }

  @Property(tries = 50)
  void a_request_that_the_kernel_sends_again_has_the_same_tail(
      @ForAll @IntRange(max = 224) int payload) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment room = room(arena);
      read(room, 12);
      RoomTail.note(room, 5);
      keep(room, answer(12, payload));

      read(room, 12 | Long.MIN_VALUE);

      assertThat(RoomTail.noted(room)).hasValue(5);
      MemorySegment kept = MemorySegment.ofArray(RoomTail.kept(room).orElseThrow());
      assertThat(kept.get(JAVA_LONG.withByteAlignment(1), 8)).isEqualTo(12 | Long.MIN_VALUE);
    }
  }
}
