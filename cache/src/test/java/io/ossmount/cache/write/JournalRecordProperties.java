package io.ossmount.cache.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectVersion;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

final class JournalRecordProperties {
  private static Arbitrary<String> texts() {
    return Arbitraries.of("", "a", "ü/\u0000", "x".repeat(1023), "a key/with/many segments.bin");
  }

  private static Arbitrary<ObjectVersion> versions() {
    return Combinators.combine(texts(), texts(), Arbitraries.longs()).as(ObjectVersion::new);
  }

  private static Arbitrary<WriteIntent> intents() {
    Arbitrary<ObjectMetadata> metadata =
        Combinators.combine(texts().optional(), Arbitraries.maps(texts(), texts()).ofMaxSize(4))
            .as(ObjectMetadata::new);
    return Combinators.combine(
            Arbitraries.of(true, false),
            Arbitraries.of(true, false),
            versions().optional(),
            metadata)
        .as(WriteIntent::new);
  }

  @Provide
  static Arbitrary<JournalRecord> records() {
    Arbitrary<Long> number = Arbitraries.longs();
    return Arbitraries.oneOf(
        Combinators.combine(texts(), versions().optional()).as(JournalRecord.Created::new),
        Combinators.combine(number, number).as(JournalRecord.Shape::new),
        Combinators.combine(number, number).as(JournalRecord.Write::new),
        Combinators.combine(number, number).as(JournalRecord.Filled::new),
        number.map(JournalRecord.Truncate::new),
        texts().map(JournalRecord.Renamed::new),
        intents().map(JournalRecord.Intended::new),
        Combinators.combine(texts(), texts()).as(JournalRecord.Upload::new),
        texts().map(JournalRecord.UploadEnded::new),
        Combinators.combine(texts(), texts().optional(), number, number.optional())
            .as(JournalRecord.Completing::new),
        versions().map(JournalRecord.Done::new),
        Combinators.combine(texts(), number).as(JournalRecord.Beginning::new),
        texts().map(JournalRecord.NotBegun::new),
        versions().map(JournalRecord.Based::new),
        texts().map(JournalRecord.Superseded::new),
        Arbitraries.of(
            new JournalRecord.Closed(), new JournalRecord.Unnamed(), new JournalRecord.Promised()));
  }

  @Property
  void aRecordIsReadAsItWasWritten(@ForAll("records") JournalRecord record) {
    byte[] bytes = record.encode();
    assertThat(bytes.length % JournalRecord.SLOT).isZero();
    ByteBuffer from = ByteBuffer.wrap(bytes);
    assertThat(JournalRecord.decode(from)).contains(record);
    assertThat(from.hasRemaining()).isFalse();
  }

  @Property
  void aRecordThatIsCutIsNoneOrWhole(
      @ForAll("records") JournalRecord record, @ForAll @IntRange(max = 4096) int cut) {
    byte[] bytes = record.encode();
    ByteBuffer from = ByteBuffer.wrap(Arrays.copyOf(bytes, Math.min(cut, bytes.length)));
    // What is cut off may be nothing but the zeros behind it.
    assertThat(JournalRecord.decode(from)).isIn(Optional.empty(), Optional.of(record));
  }

  @Property
  void aWrongBitIsNoticed(
      @ForAll("records") JournalRecord record, @ForAll @IntRange(max = 1 << 20) int bit) {
    byte[] bytes = record.encode();
    int at = bit / 8 % bytes.length;
    bytes[at] ^= (byte) (1 << bit % 8);
    assertThat(JournalRecord.decode(ByteBuffer.wrap(bytes)))
        .isIn(Optional.empty(), Optional.of(record));
  }

  @Property
  void aWriteTakesOneSlot(@ForAll long start, @ForAll long end) {
    assertThat(new JournalRecord.Write(start, end).encode()).hasSize(JournalRecord.SLOT);
  }
}
