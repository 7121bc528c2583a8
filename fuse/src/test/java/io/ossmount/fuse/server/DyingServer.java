package io.ossmount.fuse.server;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.fuse.BackingFiles;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.Notifier;
import io.ossmount.fuse.SessionState;
import io.ossmount.fuse.kernel.FuseDevice;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.fuse.protocol.Handled;
import io.ossmount.fuse.protocol.Opcode;
import io.ossmount.fuse.protocol.ProtocolServer;
import io.ossmount.fuse.testing.MemoryFileSystem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.InstantSource;

/** What a server does until it is killed in the middle of a request. */
final class DyingServer {
  private DyingServer() {}

  /** Answers what comes before. */
  static void answerUntil(Opcode opcode, MemorySegment room, FuseDevice device) {
    var state = new SessionState(1, Notifier.NONE, BackingFiles.NONE);
    var files = new MemoryFileSystem(state);
    var protocol = new ProtocolServer(files, InstantSource.system(), 0, _ -> {});
    MemorySegment answer = Arena.ofAuto().allocate(ProtocolServer.MAX_ROOM, 8);
    while (room.get(JAVA_INT, 4) != opcode.code()) {
      MemorySegment request = room.asSlice(0, SessionMemory.length(room));
      if (protocol.handle(request, answer) instanceof Handled.Answered(int bytes) && bytes > 0) {
        assertThat(device.write(answer, bytes)).isEqualTo(bytes);
      }
      await().until(() -> device.read(SessionMemory.forRequest(room)) > 0);
    }
  }

  static MemorySegment answer(MemorySegment room, Errno errno) {
    MemorySegment answer = Arena.ofAuto().allocate(16, 8);
    assertThat(ProtocolServer.refuse(room.get(JAVA_LONG, 8), errno, answer)).isEqualTo(16);
    return answer;
  }
}
