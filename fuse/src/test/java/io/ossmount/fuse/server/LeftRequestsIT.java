package io.ossmount.fuse.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.fuse.kernel.RoomTail;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.fuse.protocol.InHeader;
import io.ossmount.fuse.protocol.Opcode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What killed servers and stand-ins left in a real memfd. */
final class LeftRequestsIT {
  private static final long UNIQUE = 42;
  private static final long SENT_AGAIN = UNIQUE | Long.MIN_VALUE;

  private SessionMemory memory;

  @BeforeEach
  void map() throws IOException {
    memory = SessionMemory.map(SessionMemory.create());
  }

  @AfterEach
  void unmap() {
    memory.close();
  }

  private void put(int slot, long unique) throws IOException {
    MemorySegment room = memory.slot(slot);
    memory.populate(room);
    new InHeader(InHeader.BYTES, Opcode.MKDIR.code(), unique, 1, 0, 0, 0, 0).encode(room);
  }

  /** A stand-in reads what the kernel has sent again, beside what an earlier server had read. */
  @ParameterizedTest(name = "the old number lies in slot {0}, and {2} was worked on")
  @CsvSource({"0, 1, 0", "0, 1, 1", "1, 0, 0", "1, 0, 1"})
  void what_lies_there_twice_is_answered_under_the_number_that_the_kernel_takes(
      int old, int again, int noted) throws Exception {
    put(old, UNIQUE);
    put(again, SENT_AGAIN);
    RoomTail.note(memory.slot(noted), 7);

    LeftRequests left = LeftRequests.take(new RequestRooms(memory));

    assertThat(left.rooms()).containsExactly(SessionMemory.BUFFERS + noted);
    MemorySegment kept = memory.slot(noted);
    assertThat(InHeader.decode(kept).unique()).isEqualTo(SENT_AGAIN);
    assertThat(RoomTail.noted(kept)).hasValue(7);
    assertThat(SessionMemory.length(memory.slot(1 - noted))).isZero();
  }

  @Test
  void what_was_not_sent_again_keeps_its_number() throws Exception {
    put(0, UNIQUE);
    put(1, UNIQUE);

    LeftRequests left = LeftRequests.take(new RequestRooms(memory));

    assertThat(left.rooms()).containsExactly(SessionMemory.BUFFERS);
    assertThat(InHeader.decode(memory.slot(0)).unique()).isEqualTo(UNIQUE);
  }
}
