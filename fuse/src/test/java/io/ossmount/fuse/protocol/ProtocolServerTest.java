package io.ossmount.fuse.protocol;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.fuse.Attempt;
import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.Caller;
import io.ossmount.fuse.Created;
import io.ossmount.fuse.DirectoryEntries;
import io.ossmount.fuse.Done;
import io.ossmount.fuse.Entry;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.Opened;
import io.ossmount.fuse.Outcome;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProtocolServerTest {
  private static final Attributes ATTRIBUTES =
      new Attributes(
          5, 0, 0100644, 1, 0, 0, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, Duration.ZERO);

  private final MemorySegment room = MemorySegment.ofArray(new byte[ProtocolServer.MAX_ROOM]);
  private final List<byte[]> negotiated = new ArrayList<>();

  private ProtocolServer server(FileSystem files) {
    return new ProtocolServer(files, InstantSource.system(), 0, negotiated::add);
  }

  /** The error of the answer: 0 or a negated errno. */
  private int error(FileSystem files, MemorySegment request) {
    Handled handled = server(files).handle(request, room);
    int bytes =
        switch (handled) {
          case Handled.Answered(int ready) -> ready;
          case Handled.Pending(Handled.Work work) -> work.run();
        };
    OutHeader header = OutHeader.decode(room);
    assertThat(header.len()).isEqualTo(bytes);
    assertThat(header.unique()).isEqualTo(Bytes.UNIQUE);
    return header.error();
  }

  private record Lookup(Outcome<Entry> outcome, List<String> names) implements FileSystem {
    @Override
    public Outcome<Entry> lookup(Caller caller, long parent, String name) {
      assertThat(caller).isEqualTo(new Caller(10, 20, 30));
      assertThat(parent).isEqualTo(Bytes.NODE);
      names.add(name);
      return outcome;
    }
  }

  @Test
  void a_lookup_is_answered_with_its_entry() {
    Lookup files =
        new Lookup(Outcome.of(new Entry(9, Duration.ofSeconds(1), ATTRIBUTES)), new ArrayList<>());

    assertThat(error(files, new Bytes().name("数据").request(Opcode.LOOKUP))).isZero();

    assertThat(files.names()).containsExactly("数据");
    assertThat(OutHeader.decode(room).len()).isEqualTo(16 + 128);
    assertThat(room.get(JAVA_INT_UNALIGNED, 16)).isEqualTo(9);
  }

  @Test
  void work_that_waits_ends_with_the_same_bytes() {
    Entry entry = new Entry(9, Duration.ofSeconds(1), ATTRIBUTES);
    MemorySegment request = new Bytes().name("a").request(Opcode.LOOKUP);

    assertThat(error(new Lookup(Outcome.of(entry), new ArrayList<>()), request)).isZero();
    byte[] now = room.asSlice(0, 144).toArray(JAVA_BYTE);
    assertThat(error(new Lookup(Outcome.later(() -> entry), new ArrayList<>()), request)).isZero();

    assertThat(room.asSlice(0, 144).toArray(JAVA_BYTE)).isEqualTo(now);
  }

  @Test
  void errors_become_an_errno_in_one_place() {
    MemorySegment request = new Bytes().name("a").request(Opcode.LOOKUP);

    assertThat(
            error(
                failing(() -> {
                  throw new FuseException(Errno.EDQUOT);
                }),
                request))
        .isEqualTo(-122);
    assertThat(
            error(
                failing(() -> {
                  throw new InterruptedException();
                }),
                request))
        .isEqualTo(-4);
    assertThat(
            error(
                failing(() -> {
                  throw new StackOverflowError();
                }),
                request))
        .isEqualTo(-5);
    assertThat(
            error(
                new FileSystem() {
                  @Override
                  public Outcome<Entry> lookup(Caller caller, long parent, String name) {
                    throw new IllegalStateException("at once");
                  }
                },
                request))
        .isEqualTo(-5);
  }

  private static FileSystem failing(java.util.concurrent.Callable<Entry> work) {
    return new Lookup(Outcome.later(work), new ArrayList<>());
  }

  @ParameterizedTest
  @EnumSource(Opcode.class)
  void what_a_file_system_does_not_override_is_ENOSYS(Opcode opcode) {
    MemorySegment request =
        new Bytes()
            .raw(new byte[opcode == Opcode.MKNOD ? 0 : opcode.argumentBytes()])
            .raw(opcode == Opcode.MKNOD ? mknodOfRegularFile() : new byte[0])
            .name("a")
            .name("b")
            .request(opcode);
    switch (opcode) {
      case FORGET, BATCH_FORGET, INTERRUPT ->
          assertThat(server(new FileSystem() {}).handle(request, room))
              .isEqualTo(Handled.NO_ANSWER);
      case INIT -> assertThat(error(new FileSystem() {}, request)).isEqualTo(-95);
      case DESTROY -> assertThat(error(new FileSystem() {}, request)).isZero();
      case LINK -> assertThat(error(new FileSystem() {}, request)).isEqualTo(-1);
      case WRITE -> assertThat(error(new FileSystem() {}, request)).isEqualTo(-22);
      default -> assertThat(error(new FileSystem() {}, request)).isEqualTo(-38);
    }
  }

  private static byte[] mknodOfRegularFile() {
    MemorySegment bytes = MemorySegment.ofArray(new byte[MknodIn.BYTES]);
    bytes.set(JAVA_INT_UNALIGNED, 0, Attributes.REGULAR | 0644);
    return bytes.toArray(JAVA_BYTE);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 7, 19, 21, 22, 23, 24, 31, 34, 37, 39, 43, 46, 47, 50, 51, 52, 53, 63, 64})
  void an_operation_that_is_not_understood_is_ENOSYS(int opcode) {
    assertThat(error(new FileSystem() {}, new Bytes().request(opcode, InHeader.BYTES)))
        .isEqualTo(-38);
  }

  @Test
  void names_are_utf8_of_at_most_255_bytes_and_nothing_else() {
    Lookup files = new Lookup(Outcome.of(Entry.negative(Duration.ofSeconds(1))), new ArrayList<>());

    assertThat(error(files, new Bytes().name("é".repeat(127) + "x").request(Opcode.LOOKUP)))
        .isZero();
    assertThat(error(files, new Bytes().name("é".repeat(128)).request(Opcode.LOOKUP)))
        .isEqualTo(-36);
    byte[] notUtf8 = {'a', (byte) 0xff, 0};
    assertThat(error(files, new Bytes().raw(notUtf8).request(Opcode.LOOKUP))).isEqualTo(-84);
    byte[] surrogate = {(byte) 0xed, (byte) 0xa0, (byte) 0x80, 0};
    assertThat(error(files, new Bytes().raw(surrogate).request(Opcode.LOOKUP))).isEqualTo(-84);
    byte[] unended = {'a', 'b'};
    assertThat(error(files, new Bytes().raw(unended).request(Opcode.LOOKUP))).isEqualTo(-22);
    for (String name : List.of("", ".", "..", "a/b")) {
      assertThat(error(files, new Bytes().name(name).request(Opcode.LOOKUP))).isEqualTo(-22);
    }
  }

  @Test
  void a_request_whose_sizes_do_not_fit_is_EINVAL() {
    FileSystem files = new FileSystem() {};

    assertThat(error(files, new Bytes().raw(new byte[39]).request(Opcode.READ))).isEqualTo(-22);
    assertThat(error(files, new Bytes().request(Opcode.STATFS.code(), 41))).isEqualTo(-22);
    MemorySegment longerThanAnnounced =
        new Bytes().raw(new byte[40]).raw((byte) 1).request(Opcode.WRITE);
    assertThat(error(files, longerThanAnnounced)).isEqualTo(-22);
    MemorySegment negative =
        new Bytes().int64(1).int64(0).int32(-1).raw(new byte[20]).request(Opcode.READ);
    assertThat(error(files, negative)).isEqualTo(-22);
  }

  @Test
  void a_request_without_a_number_gets_no_answer() {
    MemorySegment request = new Bytes().request(Opcode.STATFS);
    request.set(JAVA_BYTE, 8, (byte) 0);

    assertThat(server(new FileSystem() {}).handle(request, room)).isEqualTo(Handled.NO_ANSWER);
    assertThat(server(new FileSystem() {}).handle(request.asSlice(0, 39), room))
        .isEqualTo(Handled.NO_ANSWER);
  }

  @Test
  void a_read_fills_the_room_behind_the_header() {
    FileSystem files =
        new FileSystem() {
          @Override
          public Outcome<Integer> read(
              Caller caller, long node, long handle, long offset, MemorySegment into) {
            assertThat(handle).isEqualTo(3);
            assertThat(offset).isEqualTo(4096);
            assertThat(into.byteSize()).isEqualTo(100);
            return Outcome.later(() -> {
              into.copyFrom(MemorySegment.ofArray("text".getBytes(UTF_8)));
              return 4;
            });
          }
        };
    MemorySegment request =
        new Bytes().int64(3).int64(4096).int32(100).raw(new byte[20]).request(Opcode.READ);

    assertThat(error(files, request)).isZero();

    assertThat(new String(room.asSlice(16, 4).toArray(JAVA_BYTE), UTF_8)).isEqualTo("text");
    assertThat(OutHeader.decode(room).len()).isEqualTo(20);
  }

  @Test
  void more_bytes_than_there_is_room_for_are_a_fault_of_the_file_system() {
    FileSystem files =
        new FileSystem() {
          @Override
          public Outcome<Integer> read(
              Caller caller, long node, long handle, long offset, MemorySegment into) {
            return Outcome.of(101);
          }
        };
    MemorySegment request =
        new Bytes().int64(3).int64(0).int32(100).raw(new byte[20]).request(Opcode.READ);

    assertThat(error(files, request)).isEqualTo(-5);
  }

  @Test
  void a_listing_ends_where_its_room_does() {
    MemorySegment request =
        new Bytes().int64(1).int64(0).int32(4096).raw(new byte[20]).request(Opcode.READDIRPLUS);
    List<String> accepted = new ArrayList<>();

    assertThat(error(listing(accepted, 1000), request)).isZero();

    // 128 for the entry, 24 + 8 for "name####" and its header.
    assertThat(accepted).hasSize(4096 / 160);
    assertThat(OutHeader.decode(room).len()).isEqualTo(16 + 25 * 160);
    DirentHeader first = DirentHeader.decode(room.asSlice(16 + 128));
    assertThat(first).isEqualTo(new DirentHeader(5, 1, 8, 8));
  }

  @Test
  void a_room_too_small_for_one_entry_is_not_the_end_of_the_listing() {
    MemorySegment request =
        new Bytes().int64(1).int64(0).int32(100).raw(new byte[20]).request(Opcode.READDIRPLUS);

    assertThat(error(listing(new ArrayList<>(), 1), request)).isEqualTo(-22);
    assertThat(error(listing(new ArrayList<>(), 0), request)).isZero();
  }

  private static FileSystem listing(List<String> accepted, int count) {
    return new FileSystem() {
      @Override
      public Outcome<Done> readdir(
          Caller caller, long node, long handle, long offset, DirectoryEntries into) {
        for (int i = 0; i < count; i++) {
          String name = "name%04d".formatted(i);
          if (!into.offer(name, new Entry(i + 2, Duration.ZERO, ATTRIBUTES), i + 1)) {
            break;
          }
          accepted.add(name);
        }
        return Outcome.done();
      }
    };
  }

  @Test
  void a_negative_entry_is_ENOENT_when_it_may_not_be_kept() {
    MemorySegment request = new Bytes().name("a").request(Opcode.LOOKUP);

    assertThat(
            error(
                new Lookup(Outcome.of(Entry.negative(Duration.ZERO)), new ArrayList<>()), request))
        .isEqualTo(-2);
    assertThat(
            error(
                new Lookup(Outcome.of(Entry.negative(Duration.ofSeconds(5))), new ArrayList<>()),
                request))
        .isZero();
  }

  @Test
  void both_names_of_a_rename_arrive() {
    List<String> names = new ArrayList<>();
    FileSystem files =
        new FileSystem() {
          @Override
          public Outcome<Done> rename(
              Caller caller, long parent, String name, long newParent, String newName, int flags) {
            names.add(name + " -> " + newParent + "/" + newName + " " + flags);
            return Outcome.done();
          }
        };

    assertThat(error(files, new Bytes().int64(7).name("a").name("b").request(Opcode.RENAME)))
        .isZero();
    MemorySegment rename2 =
        new Bytes().int64(7).int32(2).int32(0).name("c").name("d").request(Opcode.RENAME2);
    assertThat(error(files, rename2)).isZero();

    assertThat(names).containsExactly("a -> 7/b 0", "c -> 7/d 2");
  }

  @Test
  void forgets_are_passed_on_one_by_one() {
    List<String> forgotten = new ArrayList<>();
    FileSystem files =
        new FileSystem() {
          @Override
          public void forget(long node, long lookups) {
            forgotten.add(node + ":" + lookups);
          }
        };

    server(files).handle(new Bytes().int64(3).request(Opcode.FORGET), room);
    Bytes batch = new Bytes().int32(2).int32(0).int64(5).int64(1).int64(6).int64(2);
    server(files).handle(batch.request(Opcode.BATCH_FORGET), room);
    server(files).handle(new Bytes().int32(9).int32(0).request(Opcode.BATCH_FORGET), room);

    assertThat(forgotten).containsExactly("1:3", "5:1", "6:2");
  }

  @Test
  void init_takes_what_both_sides_can_and_is_kept_before_it_is_answered() {
    MemorySegment request =
        new Bytes()
            .int32(7)
            .int32(38)
            .int32(131072)
            .int32(-1)
            .int32(-1)
            .raw(new byte[44])
            .request(Opcode.INIT);

    assertThat(error(new FileSystem() {}, request)).isZero();

    InitOut out = InitOut.decode(room.asSlice(16));
    assertThat(out.minor()).isEqualTo(38);
    assertThat(out.maxWrite()).isEqualTo(1 << 20);
    assertThat(out.maxPages()).isEqualTo(256);
    int writebackCache = 1 << 16;
    int locks = 1 << 1 | 1 << 10;
    assertThat(out.flags() & (writebackCache | locks)).isZero();
    int truncateAndExtended = 1 << 3 | 1 << 30;
    assertThat(out.flags() & truncateAndExtended).isEqualTo(truncateAndExtended);
    assertThat(negotiated).containsExactly(room.asSlice(16, 64).toArray(JAVA_BYTE));
  }

  @Test
  void a_kernel_that_is_too_old_or_too_new_is_told_so() {
    Bytes old = new Bytes().int32(7).int32(30).int32(0).int32(0);
    assertThat(error(new FileSystem() {}, old.request(Opcode.INIT))).isEqualTo(-95);

    Bytes next = new Bytes().int32(8).int32(0).int32(0).int32(0);
    assertThat(error(new FileSystem() {}, next.request(Opcode.INIT))).isZero();
    assertThat(InitOut.decode(room.asSlice(16)).major()).isEqualTo(7);
    assertThat(negotiated).isEmpty();
  }

  @Test
  void what_changes_something_or_hands_out_a_handle_is_done_once() {
    assertThat(
            Stream.of(Opcode.values())
                .filter(opcode -> !opcode.isOnce())
                .map(Opcode::name)
                .toList())
        .containsExactly(
            "LOOKUP",
            "FORGET",
            "GETATTR",
            "READLINK",
            "READ",
            "STATFS",
            "RELEASE",
            "INIT",
            "READDIR",
            "RELEASEDIR",
            "INTERRUPT",
            "DESTROY",
            "BATCH_FORGET",
            "READDIRPLUS");
  }

  /** Says what was taken back. */
  private record Giving(List<String> taken) implements FileSystem {
    private static Entry entry() {
      return new Entry(9, Duration.ofSeconds(1), ATTRIBUTES);
    }

    private static Opened opened() {
      return new Opened(77, Set.of());
    }

    @Override
    public Outcome<Entry> lookup(Caller caller, long parent, String name) {
      return Outcome.of(name.equals("none") ? Entry.negative(Duration.ofSeconds(1)) : entry());
    }

    @Override
    public Outcome<Entry> mkdir(Caller caller, long parent, String name, int mode) {
      return Outcome.later(Giving::entry);
    }

    @Override
    public Outcome<Opened> open(Caller caller, long node, int flags) {
      return Outcome.of(opened());
    }

    @Override
    public Outcome<Opened> opendir(Caller caller, long node) {
      return Outcome.of(opened());
    }

    @Override
    public Outcome<Created> create(Caller caller, long parent, String name, int mode, int flags) {
      return Outcome.of(new Created(entry(), opened()));
    }

    @Override
    public Outcome<Done> readdir(
        Caller caller, long node, long handle, long offset, DirectoryEntries into) {
      assertThat(into.offer(".", 1, Attributes.DIRECTORY, 1)).isTrue();
      assertThat(into.offer("a-name", entry(), 2)).isTrue();
      assertThat(into.offer("another name", entry(), 3)).isTrue();
      return Outcome.done();
    }

    @Override
    public void forget(long node, long lookups) {
      taken.add("forget " + node + " " + lookups);
    }

    @Override
    public void unopened(long node) {
      taken.add("unopened " + node);
    }

    @Override
    public Outcome<Done> release(long node, long handle) {
      return Outcome.later(() -> {
        taken.add("release " + node + " " + handle);
        return Done.DONE;
      });
    }

    @Override
    public Outcome<Done> releasedir(long node, long handle) {
      taken.add("releasedir " + node + " " + handle);
      return Outcome.done();
    }
  }

  private List<String> takenBack(MemorySegment request) {
    Giving files = new Giving(new ArrayList<>());
    assertThat(error(files, request)).isZero();
    MemorySegment answer = room.asSlice(0, OutHeader.decode(room).len());
    server(files).undoing(request, answer).ifPresent(Runnable::run);
    return files.taken();
  }

  @Test
  void what_an_answer_gave_that_no_one_wants_is_taken_back() {
    assertThat(takenBack(new Bytes().name("a").request(Opcode.LOOKUP)))
        .containsExactly("forget 9 1");
    assertThat(takenBack(new Bytes().name("none").request(Opcode.LOOKUP))).isEmpty();
    assertThat(takenBack(new Bytes().int64(0).name("a").request(Opcode.MKDIR)))
        .containsExactly("forget 9 1");
    assertThat(takenBack(new Bytes().int64(0).request(Opcode.OPEN)))
        .containsExactly("unopened 1", "release 1 77");
    assertThat(takenBack(new Bytes().int64(0).request(Opcode.OPENDIR)))
        .containsExactly("releasedir 1 77");
    assertThat(takenBack(new Bytes().int64(0).int64(0).name("a").request(Opcode.CREATE)))
        .containsExactly("unopened 9", "release 9 77", "forget 9 1");
    Bytes list = new Bytes().int64(5).int64(0).int32(4096).int32(0).int64(0).int64(0);
    assertThat(takenBack(list.request(Opcode.READDIRPLUS)))
        .containsExactly("forget 9 1", "forget 9 1");
  }

  @Test
  void a_file_system_is_told_what_was_noted_before() {
    Attempt second =
        new Attempt() {
          @Override
          public OptionalLong noted() {
            return OptionalLong.of(5);
          }

          @Override
          public void note(long value) {}
        };
    List<OptionalLong> noted = new ArrayList<>();
    FileSystem files =
        new FileSystem() {
          @Override
          public Outcome<Done> unlink(Caller caller, long parent, String name) {
            noted.add(caller.attempt().noted());
            return Outcome.done();
          }
        };

    server(files).handle(new Bytes().name("a").request(Opcode.UNLINK), room, second);
    server(files).handle(new Bytes().name("a").request(Opcode.UNLINK), room);

    assertThat(noted).containsExactly(OptionalLong.of(5), OptionalLong.empty());
  }

  @Test
  void notifications_are_answers_to_no_request() {
    assertThat(new Notification.InvalInode(7).encode(room)).isEqualTo(40);
    assertThat(OutHeader.decode(room)).isEqualTo(new OutHeader(40, 2, 0));
    assertThat(NotifyInvalInodeOut.decode(room.asSlice(16)))
        .isEqualTo(new NotifyInvalInodeOut(7, -1, 0));

    assertThat(new Notification.InvalEntry(7, "é").encode(room)).isEqualTo(35);
    assertThat(OutHeader.decode(room)).isEqualTo(new OutHeader(35, 3, 0));
    assertThat(NotifyInvalEntryOut.decode(room.asSlice(16)))
        .isEqualTo(new NotifyInvalEntryOut(7, 2, 0));

    assertThat(new Notification.IncEpoch().encode(room)).isEqualTo(16);
    assertThat(OutHeader.decode(room)).isEqualTo(new OutHeader(16, 8, 0));
  }
}
