package io.ossmount.fuse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.Statistics;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MeanwhileTest {
  private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000, 5);

  private final MemorySegment room = MemorySegment.ofArray(new byte[Meanwhile.ROOM]);

  /** Only the node that {@link Bytes} asks about. */
  static Optional<Attributes> known(long node) {
    return node == Bytes.NODE
        ? Optional.of(
            new Attributes(7, 11, 0100640, 1, 2, 3, TIME, TIME, TIME, Duration.ofHours(1)))
        : Optional.empty();
  }

  private Meanwhile judge(MemorySegment request) {
    return Meanwhile.judge(request, MeanwhileTest::known, room);
  }

  private static MemorySegment about(long node, Opcode opcode) {
    MemorySegment request = new Bytes().int64(0).int64(0).request(opcode);
    new InHeader((int) request.byteSize(), opcode.code(), Bytes.UNIQUE, node, 0, 0, 0, 0)
        .encode(request);
    return request;
  }

  @Test
  void attributes_that_are_known_are_told_and_are_to_be_asked_for_again() {
    var judged = judge(about(Bytes.NODE, Opcode.GETATTR));

    MemorySegment expected = MemorySegment.ofArray(new byte[AttrOut.BYTES]);
    Attributes node = known(Bytes.NODE).orElseThrow();
    AttrOut.encode(node, expected);
    // The validity: seconds and nanoseconds.
    expected.asSlice(0, 12).fill((byte) 0);
    assertThat(judged).isEqualTo(new Meanwhile.Answered(OutHeader.BYTES + AttrOut.BYTES));
    assertThat(room.asSlice(OutHeader.BYTES, AttrOut.BYTES).mismatch(expected)).isEqualTo(-1);
    assertThat(OutHeader.decode(room).error()).isZero();
  }

  @Test
  void attributes_that_are_not_known_are_for_the_next_server() {
    assertThat(judge(about(99, Opcode.GETATTR))).isEqualTo(new Meanwhile.Kept());
  }

  @Test
  void statfs_is_told() {
    var judged = judge(about(99, Opcode.STATFS));

    MemorySegment expected = MemorySegment.ofArray(new byte[StatfsOut.BYTES]);
    StatfsOut.encode(Statistics.BOUNDLESS, expected);
    assertThat(judged).isEqualTo(new Meanwhile.Answered(OutHeader.BYTES + StatfsOut.BYTES));
    assertThat(room.asSlice(OutHeader.BYTES, StatfsOut.BYTES).mismatch(expected)).isEqualTo(-1);
  }

  @Test
  void what_the_server_does_not_understand_is_refused_as_it_does() {
    int getxattr = 22;

    assertThat(judge(new Bytes().request(getxattr, InHeader.BYTES)))
        .isEqualTo(new Meanwhile.Answered(OutHeader.BYTES));
    assertThat(OutHeader.decode(room).error()).isEqualTo(-Errno.ENOSYS.number());
  }

  @Test
  void what_gets_no_answer_is_dropped_and_an_interrupt_names_its_request() {
    assertThat(judge(about(5, Opcode.FORGET))).isEqualTo(new Meanwhile.Dropped());
    assertThat(judge(about(5, Opcode.BATCH_FORGET))).isEqualTo(new Meanwhile.Dropped());
    assertThat(judge(new Bytes().int64(1234).request(Opcode.INTERRUPT)))
        .isEqualTo(new Meanwhile.Interrupted(1234));
  }

  @Test
  void a_handle_that_is_released_is_named_and_half_a_request_is_kept() {
    var whole = new Bytes().int64(77).int32(0).int32(0).int64(0);
    for (var opcode : Set.of(Opcode.RELEASE, Opcode.RELEASEDIR)) {
      assertThat(judge(whole.request(opcode)))
          .isEqualTo(new Meanwhile.Released(77, OutHeader.BYTES));
      assertThat(OutHeader.decode(room)).isEqualTo(new OutHeader(16, 0, Bytes.UNIQUE));
      assertThat(judge(new Bytes().int64(77).request(opcode))).isEqualTo(new Meanwhile.Kept());
    }
  }

  @Test
  void everything_else_is_kept() {
    var others =
        Set.of(
            Opcode.GETATTR,
            Opcode.STATFS,
            Opcode.FORGET,
            Opcode.BATCH_FORGET,
            Opcode.INTERRUPT,
            Opcode.RELEASE,
            Opcode.RELEASEDIR,
            Opcode.DESTROY);

    assertThat(Arrays.stream(Opcode.values()).filter(opcode -> !others.contains(opcode)))
        .allSatisfy(
            opcode -> assertThat(judge(about(Bytes.NODE, opcode))).isEqualTo(new Meanwhile.Kept()));
  }

  @Test
  void only_what_nobody_waits_for_has_no_caller() {
    assertThat(Arrays.stream(Opcode.values()).filter(opcode -> !opcode.hasCaller()))
        .containsExactlyInAnyOrder(
            Opcode.FORGET,
            Opcode.BATCH_FORGET,
            Opcode.INTERRUPT,
            Opcode.RELEASE,
            Opcode.RELEASEDIR,
            Opcode.INIT,
            Opcode.DESTROY);
  }
}
