package io.ossmount.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.fuse.SessionRecords;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What one process puts in, the next one finds. */
final class RecordMemoryProperties {
  /** Put, count or remove. */
  record Step(int what, int id, int bytes) {}

  record Shown(long count, List<Byte> body) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Integer> bytes =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(8, Arbitraries.integers().between(0, 470)),
            net.jqwik.api.Tuple.of(2, Arbitraries.integers().between(0, 4100)));
    return Combinators.combine(
            Arbitraries.integers().between(0, 3), Arbitraries.integers().between(0, 20), bytes)
        .as(Step::new)
        .list()
        .ofMaxSize(120);
  }

  @Property(tries = 60)
  void the_next_process_finds_what_was_put_in(@ForAll("steps") List<Step> steps) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment part = arena.allocate(RecordMemory.BYTES, 4096);
      Map<SessionRecords.Key, Shown> expected = new HashMap<>();
      SessionRecords records = new RecordMemory(part);
      for (Step step : steps) {
        SessionRecords.Key key =
            new SessionRecords.Key(
                step.id % 3 == 0 ? SessionRecords.Kind.HANDLE : SessionRecords.Kind.NODE, step.id);
        switch (step.what) {
          case 0 -> {
            records.remove(key);
            expected.remove(key);
          }
          case 1 -> {
            records.count(key, step.bytes);
            expected.computeIfPresent(key, (_, before) -> new Shown(step.bytes, before.body));
          }
          default -> {
            byte[] body = body(step);
            Shown old = expected.get(key);
            long count = old == null ? 0 : old.count;
            if (records.put(key, body)) {
              expected.put(key, new Shown(count, boxed(body)));
            } else {
              assertThat(step.bytes).isGreaterThan(SessionRecords.MAX_BYTES);
              expected.remove(key);
            }
          }
        }
      }

      assertThat(shown(records)).isEqualTo(expected);
      for (int id = 0; id <= 20; id++) {
        for (SessionRecords.Kind kind : SessionRecords.Kind.values()) {
          SessionRecords.Key key = new SessionRecords.Key(kind, id);
          assertThat(RecordMemory.find(part, key).map(RecordMemoryProperties::boxed))
              .isEqualTo(Optional.ofNullable(expected.get(key)).map(Shown::body));
        }
      }
      assertThat(shown(new RecordMemory(part))).isEqualTo(expected);

      for (int id = 0; id <= 20; id++) {
        SessionRecords.Key key = new SessionRecords.Key(SessionRecords.Kind.HANDLE, id);
        assertThat(RecordMemory.count(part, key, SessionRecords.RELEASED))
            .isEqualTo(expected.containsKey(key));
        expected.computeIfPresent(
            key, (_, before) -> new Shown(SessionRecords.RELEASED, before.body));
      }
      assertThat(shown(new RecordMemory(part))).isEqualTo(expected);
    }
  }

  /** A process that is killed while it writes leaves a slot that is not whole. */
  @Property(tries = 200)
  void what_is_not_whole_is_not_shown(
      @ForAll @IntRange(min = 4096, max = 4096 + 3 * 512 - 1) int at, @ForAll byte damage) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment part = arena.allocate(RecordMemory.BYTES, 4096);
      RecordMemory records = new RecordMemory(part);
      Map<SessionRecords.Key, Shown> expected = new HashMap<>();
      for (int id = 0; id < 3; id++) {
        byte[] body = body(new Step(2, id, 200));
        records.put(new SessionRecords.Key(SessionRecords.Kind.NODE, id), body);
        expected.put(
            new SessionRecords.Key(SessionRecords.Kind.NODE, id), new Shown(0, boxed(body)));
      }

      part.set(ValueLayout.JAVA_BYTE, at, damage);

      Map<SessionRecords.Key, Shown> found = shown(new RecordMemory(part));
      found.replaceAll((_, record) -> new Shown(0, record.body));
      assertThat(expected).containsAllEntriesOf(found);
    }
  }

  @Property(tries = 5)
  void there_is_no_more_room_than_there_is(@ForAll @IntRange(min = 3000, max = 4000) int bytes) {
    try (Arena arena = Arena.ofConfined()) {
      RecordMemory records = new RecordMemory(arena.allocate(RecordMemory.BYTES, 4096));
      int id = 0;
      while (records.put(node(id), new byte[bytes])) {
        id++;
      }

      assertThat(id).isEqualTo(1023);
      assertThat(records.put(node(-1), new byte[100])).isTrue();
      records.remove(node(7));
      assertThat(records.put(node(id), new byte[bytes])).isTrue();
      assertThat(records.put(node(id + 1), new byte[bytes])).isFalse();
    }
  }

  @Property(tries = 5)
  void what_is_there_is_replaced_however_full_it_is(
      @ForAll @IntRange(min = 500, max = 4000) int bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment part = arena.allocate(RecordMemory.BYTES, 4096);
      RecordMemory records = new RecordMemory(part);
      int count = 0;
      while (records.put(node(count), body(new Step(2, count, bytes)))) {
        count++;
      }
      Map<SessionRecords.Key, Shown> expected = new HashMap<>();
      for (int id = 0; id < count; id++) {
        byte[] body = body(new Step(2, id, bytes - 1));
        assertThat(records.put(node(id), body)).isTrue();
        assertThat(records.put(node(count), new byte[bytes])).isFalse();
        expected.put(node(id), new Shown(0, boxed(body)));
      }

      assertThat(records.put(node(-1), body(new Step(2, -1, 100)))).isTrue();
      // Of another size it is a new one, for which the last room is not.
      assertThat(records.put(node(-1), new byte[bytes])).isFalse();
      assertThat(records.put(node(0), body(new Step(2, 0, bytes - 1)))).isTrue();
      assertThat(shown(new RecordMemory(part))).isEqualTo(expected);
    }
  }

  private static SessionRecords.Key node(long id) {
    return new SessionRecords.Key(SessionRecords.Kind.NODE, id);
  }

  private static byte[] body(Step step) {
    byte[] body = new byte[step.bytes];
    new Random(step.id * 31L + step.bytes).nextBytes(body);
    return body;
  }

  private static List<Byte> boxed(byte[] bytes) {
    Byte[] all = new Byte[bytes.length];
    Arrays.setAll(all, i -> bytes[i]);
    return List.of(all);
  }

  private static Map<SessionRecords.Key, Shown> shown(SessionRecords records) {
    Map<SessionRecords.Key, Shown> all = new HashMap<>();
    records.forEach((key, count, body) -> all.put(key, new Shown(count, boxed(body))));
    return all;
  }
}
