package io.ossmount.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.fuse.OpenFlags;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Uses memfds, needs no privilege. */
final class SessionMemoryIT {
  @Test
  void what_one_holder_writes_the_other_one_reads() throws Exception {
    try (Descriptor memfd = SessionMemory.create();
        SessionMemory first = SessionMemory.map(memfd.duplicate());
        SessionMemory second = SessionMemory.map(memfd.duplicate())) {
      first.setNegotiated("answer".getBytes(UTF_8));
      MemorySegment buffer = first.buffer(SessionMemory.BUFFERS - 1);
      first.populate(buffer);
      buffer.set(JAVA_INT, 0, 48);
      buffer.set(JAVA_BYTE, SessionMemory.BUFFER_BYTES - 1, (byte) 9);

      assertThat(second.negotiated()).hasValue("answer".getBytes(UTF_8));
      MemorySegment seen = second.buffer(SessionMemory.BUFFERS - 1);
      assertThat(SessionMemory.length(seen)).isEqualTo(48);
      assertThat(seen.get(JAVA_BYTE, SessionMemory.BUFFER_BYTES - 1)).isEqualTo((byte) 9);
    }
  }

  @Test
  void populating_keeps_what_is_there() throws Exception {
    try (SessionMemory memory = SessionMemory.map(SessionMemory.create())) {
      MemorySegment slot = memory.slot(SessionMemory.SLOTS - 1);
      slot.fill((byte) 3);

      memory.populate(slot);

      assertThat(slot.toArray(JAVA_BYTE)).containsOnly(3);
    }
  }

  @Test
  void a_request_moves_from_its_buffer_to_a_slot() throws Exception {
    try (SessionMemory memory = SessionMemory.map(SessionMemory.create())) {
      MemorySegment buffer = memory.buffer(0);
      buffer.set(JAVA_INT, 0, 44);
      buffer.set(JAVA_INT, 40, 0x1234);

      SessionMemory.move(buffer, 44, memory.slot(0));

      assertThat(SessionMemory.length(buffer)).isZero();
      assertThat(SessionMemory.length(memory.slot(0))).isEqualTo(44);
      assertThat(memory.slot(0).get(JAVA_INT, 40)).isEqualTo(0x1234);
      SessionMemory.clear(memory.slot(0));
      assertThat(SessionMemory.length(memory.slot(0))).isZero();
    }
  }

  @Test
  void every_server_gets_an_epoch_of_its_own() throws Exception {
    try (Descriptor memfd = SessionMemory.create();
        SessionMemory first = SessionMemory.map(memfd.duplicate());
        SessionMemory second = SessionMemory.map(memfd.duplicate())) {
      assertThat(first.epoch()).isZero();
      assertThat(first.nextEpoch()).isEqualTo(1);
      assertThat(second.nextEpoch()).isEqualTo(2);
      assertThat(first.epoch()).isEqualTo(2);
    }
  }

  @Test
  void the_memory_cannot_be_shrunk() throws Exception {
    try (Descriptor memfd = SessionMemory.create()) {
      int fd = memfd.use();
      try {
        assertThat(Syscalls.ftruncate(fd, 4096)).isEqualTo(-1); // EPERM
      } finally {
        memfd.endUse();
      }
    }
  }

  @Test
  void a_file_that_is_no_session_memory_is_refused() throws Exception {
    Descriptor device = Descriptor.open(java.nio.file.Path.of("/dev/null"), OpenFlags.READ_WRITE);

    assertThatThrownBy(() -> SessionMemory.map(device))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("sealed");
    assertThat(device.isClosed()).isTrue();
  }
}
