package io.ossmount.fuse.protocol;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.Entry;
import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.SetAttributes;
import io.ossmount.fuse.Statistics;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Sizes and offsets of {@code linux/fuse.h}, protocol 7.45. */
final class LayoutTest {
  /** Each byte tells its offset. */
  private static final MemorySegment NUMBERED = numbered();

  private static MemorySegment numbered() {
    MemorySegment bytes = MemorySegment.ofArray(new byte[128]);
    IntStream.range(0, 128).forEach(i -> bytes.set(JAVA_BYTE, i, (byte) i));
    return bytes;
  }

  private static int u16(long at) {
    return NUMBERED.get(JAVA_SHORT_UNALIGNED, at);
  }

  private static int u32(long at) {
    return NUMBERED.get(JAVA_INT_UNALIGNED, at);
  }

  private static long u64(long at) {
    return NUMBERED.get(JAVA_LONG_UNALIGNED, at);
  }

  @Test
  void sizes_are_those_of_the_kernels_header() {
    assertThat(InHeader.BYTES).isEqualTo(40);
    assertThat(OutHeader.BYTES).isEqualTo(16);
    assertThat(Attr.BYTES).isEqualTo(88);
    assertThat(AttrOut.BYTES).isEqualTo(104);
    assertThat(EntryOut.BYTES).isEqualTo(128);
    assertThat(InitIn.BYTES).isEqualTo(64);
    assertThat(InitOut.BYTES).isEqualTo(64);
    assertThat(OpenOut.BYTES).isEqualTo(16);
    assertThat(StatfsOut.BYTES).isEqualTo(80);
    assertThat(SetattrIn.BYTES).isEqualTo(88);
    assertThat(DirentHeader.BYTES).isEqualTo(24);
  }

  @Test
  void headers_have_their_fields_in_place() {
    assertThat(InHeader.decode(NUMBERED))
        .isEqualTo(
            new InHeader(u32(0), u32(4), u64(8), u64(16), u32(24), u32(28), u32(32), u16(36)));
    assertThat(OutHeader.decode(NUMBERED)).isEqualTo(new OutHeader(u32(0), u32(4), u64(8)));
  }

  @Test
  void arguments_have_their_fields_in_place() {
    assertThat(ReadIn.decode(NUMBERED))
        .isEqualTo(new ReadIn(u64(0), u64(8), u32(16), u32(20), u64(24), u32(32)));
    assertThat(WriteIn.decode(NUMBERED))
        .isEqualTo(new WriteIn(u64(0), u64(8), u32(16), u32(20), u64(24), u32(32)));
    assertThat(ReleaseIn.decode(NUMBERED))
        .isEqualTo(new ReleaseIn(u64(0), u32(8), u32(12), u64(16)));
    assertThat(FlushIn.decode(NUMBERED)).isEqualTo(new FlushIn(u64(0), u64(16)));
    assertThat(FsyncIn.decode(NUMBERED)).isEqualTo(new FsyncIn(u64(0), u32(8)));
    assertThat(GetattrIn.decode(NUMBERED)).isEqualTo(new GetattrIn(u32(0), u64(8)));
    assertThat(CreateIn.decode(NUMBERED)).isEqualTo(new CreateIn(u32(0), u32(4), u32(8), u32(12)));
    assertThat(MknodIn.decode(NUMBERED)).isEqualTo(new MknodIn(u32(0), u32(4), u32(8)));
    assertThat(MkdirIn.decode(NUMBERED)).isEqualTo(new MkdirIn(u32(0), u32(4)));
    assertThat(RenameIn.decode(NUMBERED)).isEqualTo(new RenameIn(u64(0)));
    assertThat(Rename2In.decode(NUMBERED)).isEqualTo(new Rename2In(u64(0), u32(8)));
    assertThat(OpenIn.decode(NUMBERED)).isEqualTo(new OpenIn(u32(0), u32(4)));
    assertThat(ForgetIn.decode(NUMBERED)).isEqualTo(new ForgetIn(u64(0)));
    assertThat(ForgetOne.decode(NUMBERED)).isEqualTo(new ForgetOne(u64(0), u64(8)));
    assertThat(BatchForgetIn.decode(NUMBERED)).isEqualTo(new BatchForgetIn(u32(0)));
    assertThat(InterruptIn.decode(NUMBERED)).isEqualTo(new InterruptIn(u64(0)));
    assertThat(SetattrIn.decode(NUMBERED))
        .isEqualTo(
            new SetattrIn(
                u32(0), u64(8), u64(16), u64(24), u64(32), u64(40), u64(48), u32(56), u32(60),
                u32(64), u32(68), u32(76), u32(80)));
  }

  @Test
  void init_is_understood_with_and_without_the_second_word_of_flags() {
    MemorySegment bytes = MemorySegment.ofArray(new byte[64]);
    new InitIn(7, 45, 131072, InitIn.EXT | 1, 0x80).encode(bytes);

    assertThat(InitIn.decode(bytes)).isEqualTo(new InitIn(7, 45, 131072, InitIn.EXT | 1, 0x80));
    assertThat(InitIn.decode(bytes.asSlice(0, 16)))
        .isEqualTo(new InitIn(7, 45, 131072, InitIn.EXT | 1, 0));
  }

  @Test
  void the_answer_to_init_has_its_fields_in_place() {
    InitOut out = new InitOut(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
    MemorySegment bytes = MemorySegment.ofArray(new byte[InitOut.BYTES]);

    out.encode(bytes);

    assertThat(InitOut.decode(bytes)).isEqualTo(out);
    assertThat(bytes.get(JAVA_INT_UNALIGNED, 20)).isEqualTo(7); // max_write
    assertThat(bytes.get(JAVA_SHORT_UNALIGNED, 28)).isEqualTo((short) 9); // max_pages
    assertThat(bytes.get(JAVA_INT_UNALIGNED, 32)).isEqualTo(11); // flags2
    assertThat(bytes.get(JAVA_INT_UNALIGNED, 36)).isEqualTo(12); // max_stack_depth
    assertThat(bytes.get(JAVA_SHORT_UNALIGNED, 40)).isEqualTo((short) 13); // request_timeout
  }

  @Test
  void an_entry_carries_its_attributes_behind_both_validities() {
    Attributes attributes =
        new Attributes(
            5,
            513,
            0100644,
            2,
            3,
            4,
            Instant.ofEpochSecond(-1, 7),
            Instant.ofEpochSecond(20, 8),
            Instant.ofEpochSecond(30, 9),
            Duration.ofMillis(1500));
    MemorySegment bytes = MemorySegment.ofArray(new byte[EntryOut.BYTES]);

    EntryOut.encode(new Entry(77, Duration.ofSeconds(60), attributes), bytes);

    assertThat(bytes.get(JAVA_LONG_UNALIGNED, 0)).isEqualTo(77);
    assertThat(bytes.get(JAVA_LONG_UNALIGNED, 16)).isEqualTo(60);
    assertThat(bytes.get(JAVA_LONG_UNALIGNED, 24)).isEqualTo(1);
    assertThat(bytes.get(JAVA_INT_UNALIGNED, 36)).isEqualTo(500_000_000);
    MemorySegment attr = bytes.asSlice(40);
    assertThat(attr.get(JAVA_LONG_UNALIGNED, 0)).isEqualTo(5);
    assertThat(attr.get(JAVA_LONG_UNALIGNED, 8)).isEqualTo(513);
    assertThat(attr.get(JAVA_LONG_UNALIGNED, 16)).isEqualTo(2); // blocks
    assertThat(attr.get(JAVA_LONG_UNALIGNED, 24)).isEqualTo(-1);
    assertThat(attr.get(JAVA_INT_UNALIGNED, 48)).isEqualTo(7);
    assertThat(attr.get(JAVA_INT_UNALIGNED, 56)).isEqualTo(9);
    assertThat(attr.get(JAVA_INT_UNALIGNED, 60)).isEqualTo(0100644);
    assertThat(attr.get(JAVA_INT_UNALIGNED, 72)).isEqualTo(4); // gid
  }

  @Test
  void statistics_have_their_fields_in_place() {
    MemorySegment bytes = MemorySegment.ofArray(new byte[StatfsOut.BYTES]);

    StatfsOut.encode(new Statistics(4096, 10, 9, 8, 7, 255), bytes);

    assertThat(bytes.get(JAVA_LONG_UNALIGNED, 0)).isEqualTo(10);
    assertThat(bytes.get(JAVA_LONG_UNALIGNED, 8)).isEqualTo(9);
    assertThat(bytes.get(JAVA_LONG_UNALIGNED, 24)).isEqualTo(8);
    assertThat(bytes.get(JAVA_LONG_UNALIGNED, 32)).isEqualTo(7);
    assertThat(bytes.get(JAVA_INT_UNALIGNED, 40)).isEqualTo(4096);
    assertThat(bytes.get(JAVA_INT_UNALIGNED, 44)).isEqualTo(255);
  }

  @Test
  void only_the_attributes_that_are_valid_are_changed() {
    Instant now = Instant.ofEpochSecond(1_000);
    int sizeAndModeAndNow = 1 | 1 << 3 | 1 << 4 | 1 << 7;

    assertThat(setattr(sizeAndModeAndNow).changes(now))
        .isEqualTo(
            new SetAttributes(
                FileSystem.NO_HANDLE,
                OptionalLong.of(2),
                OptionalInt.of(10),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.of(now),
                Optional.empty()));
    assertThat(setattr(1 << 6 | 1 << 1 | 1 << 2 | 1 << 5).changes(now))
        .isEqualTo(
            new SetAttributes(
                1,
                OptionalLong.empty(),
                OptionalInt.empty(),
                OptionalInt.of(11),
                OptionalInt.of(12),
                Optional.empty(),
                Optional.of(Instant.ofEpochSecond(5, 8))));
  }

  private static SetattrIn setattr(int valid) {
    return new SetattrIn(valid, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  }

  @Test
  void times_beyond_javas_are_the_nearest_ones() {
    assertThat(Times.instant(Long.MAX_VALUE, -1)).isEqualTo(Instant.MAX);
    assertThat(Times.instant(Long.MIN_VALUE, 0)).isEqualTo(Instant.MIN);
  }
}
