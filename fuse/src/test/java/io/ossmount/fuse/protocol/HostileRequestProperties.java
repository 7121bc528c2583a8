package io.ossmount.fuse.protocol;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.BackingFiles;
import io.ossmount.fuse.Caller;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.Notifier;
import io.ossmount.fuse.Outcome;
import io.ossmount.fuse.SessionState;
import io.ossmount.fuse.SetAttributes;
import io.ossmount.fuse.testing.MemoryFileSystem;
import java.lang.foreign.MemorySegment;
import java.time.InstantSource;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** Whatever the bytes of a request are: an answer within its room, and never an exception. */
final class HostileRequestProperties {
  private static final byte CANARY = 0x5a;

  @Property(tries = 3000)
  void random_bytes_are_answered_or_dropped(@ForAll byte[] bytes) {
    handle(MemorySegment.ofArray(bytes));
  }

  @Property(tries = 10_000)
  void damaged_requests_are_answered_within_their_room(@ForAll("requests") MemorySegment request) {
    handle(request);
  }

  @Property(tries = 3000)
  void without_a_server_random_bytes_are_answered_kept_or_dropped(@ForAll byte[] bytes) {
    judge(MemorySegment.ofArray(bytes));
  }

  @Property(tries = 10_000)
  void without_a_server_what_is_answered_is_whole_and_within_its_room(
      @ForAll("requests") MemorySegment request) {
    judge(request);
  }

  private static void judge(MemorySegment request) {
    MemorySegment memory = MemorySegment.ofArray(new byte[Meanwhile.ROOM + 64]);
    memory.fill(CANARY);
    Meanwhile judged =
        Meanwhile.judge(request, MeanwhileTest::known, memory.asSlice(0, Meanwhile.ROOM));
    if (judged instanceof Meanwhile.Answered(int bytes)) {
      InHeader asked = InHeader.decode(request);
      assertThat(OutHeader.decode(memory).len()).isEqualTo(bytes);
      assertThat(OutHeader.decode(memory).unique()).isEqualTo(asked.unique());
    }
    for (long at = Meanwhile.ROOM; at < memory.byteSize(); at++) {
      assertThat(memory.get(JAVA_BYTE, at)).isEqualTo(CANARY);
    }
  }

  @Provide
  Arbitrary<MemorySegment> requests() {
    Arbitrary<Integer> opcodes = Arbitraries.integers().between(0, 70);
    Arbitrary<byte[]> bodies =
        Arbitraries.bytes()
            .edgeCases(config -> config.add((byte) 0))
            .array(byte[].class)
            .ofMaxSize(200);
    Arbitrary<Boolean> lengths = Arbitraries.of(true, true, true, false);
    Arbitrary<Boolean> nodes = Arbitraries.of(true, false);
    return Combinators.combine(opcodes, bodies, lengths, nodes)
        .as((opcode, body, isLengthRight, isRoot) -> {
          MemorySegment request = MemorySegment.ofArray(new byte[InHeader.BYTES + body.length]);
          int length = isLengthRight ? InHeader.BYTES + body.length : body.length;
          long node = isRoot ? 1 : body.length;
          new InHeader(length, opcode, 42, node, 0, 0, 0, 0).encode(request);
          request.asSlice(InHeader.BYTES).copyFrom(MemorySegment.ofArray(body));
          if (isRoot && body.length >= 20) {
            // Sizes that could be taken for right ones.
            request.set(JAVA_INT_UNALIGNED, InHeader.BYTES + 16, body.length - 40);
          }
          return request;
        });
  }

  private static void handle(MemorySegment request) {
    var files = new SmallFiles(new SessionState(1, Notifier.NONE, BackingFiles.NONE));
    var server = new ProtocolServer(files, InstantSource.system(), 0, answer -> {});
    byte[] before = request.toArray(JAVA_BYTE);
    int size = ProtocolServer.room(request);
    assertThat(size).isBetween(ProtocolServer.MIN_ROOM, ProtocolServer.MAX_ROOM);
    MemorySegment memory = MemorySegment.ofArray(new byte[size + 64]);
    memory.fill(CANARY);
    MemorySegment room = memory.asSlice(0, size);

    Handled handled = server.handle(request, room);
    int bytes =
        switch (handled) {
          case Handled.Answered(int ready) -> ready;
          case Handled.Pending(Handled.Work work) -> work.run();
        };

    if (bytes > 0) {
      OutHeader header = OutHeader.decode(room);
      assertThat(bytes).isBetween(OutHeader.BYTES, size);
      assertThat(header.len()).isEqualTo(bytes);
      assertThat(header.error()).isBetween(-200, 0);
      assertThat(header.unique()).isNotZero();
    }
    assertThat(memory.asSlice(size).toArray(JAVA_BYTE)).containsOnly(CANARY);
    assertThat(request.toArray(JAVA_BYTE)).isEqualTo(before);
    Optional<Runnable> undoing = server.undoing(request, room.asSlice(0, bytes));
    undoing.ifPresent(Runnable::run);
    long interrupted = ProtocolServer.interrupted(request);
    Statistics.label("gives something").collect(undoing.isPresent());
    Statistics.label("interrupts something").collect(interrupted != 0);
  }

  /** Does not let a hostile size fill the memory of the test. */
  private static final class SmallFiles extends MemoryFileSystem {
    private static final long LIMIT = 1 << 20;

    SmallFiles(SessionState state) {
      super(state);
      putFile("file", new byte[100]);
    }

    @Override
    public Outcome<Attributes> setattr(Caller caller, long node, SetAttributes changes) {
      requireSmall(changes.size().orElse(0));
      return super.setattr(caller, node, changes);
    }

    @Override
    public Outcome<Integer> write(
        Caller caller, long node, long handle, long offset, MemorySegment from) {
      requireSmall(offset);
      return super.write(caller, node, handle, offset, from);
    }

    private static void requireSmall(long size) {
      if (size < 0 || size > LIMIT) {
        throw new FuseException(Errno.EFBIG);
      }
    }
  }
}
