package io.ossmount.csi.fdstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.fuse.Attributes;
import io.ossmount.proto.records.v1.NodeRecord;
import io.ossmount.proto.records.v1.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class RecordedAttributesTest {
  @Test
  void all_that_is_noted_is_read() {
    var noted =
        io.ossmount.proto.records.v1.Attributes.newBuilder()
            .setInode(-7)
            .setSize(1L << 40)
            .setMode(Attributes.REGULAR | 0640)
            .setLinks(1)
            .setUid(-2)
            .setGid(65_532)
            .setAccessed(Time.newBuilder().setSeconds(1).setNanos(2))
            .setModified(Time.newBuilder().setSeconds(-3).setNanos(4))
            .setChanged(Time.newBuilder().setSeconds(5).setNanos(6));
    var record = NodeRecord.newBuilder().setKey("k").setAttributes(noted).build();

    assertThat(RecordedAttributes.of(record.toByteArray()))
        .contains(
            new Attributes(
                -7,
                1L << 40,
                Attributes.REGULAR | 0640,
                1,
                -2,
                65_532,
                Instant.ofEpochSecond(1, 2),
                Instant.ofEpochSecond(-3, 4),
                Instant.ofEpochSecond(5, 6),
                Duration.ZERO));
  }

  @Test
  void a_record_that_does_not_say_is_no_answer() {
    assertThat(RecordedAttributes.of(NodeRecord.newBuilder().setKey("k").build().toByteArray()))
        .isEmpty();
  }

  @Property
  void whatever_a_pod_has_written_there_is_no_exception(@ForAll byte[] body) {
    var read = RecordedAttributes.of(body);

    assertThat(read.map(Attributes::validity)).isIn(Optional.empty(), Optional.of(Duration.ZERO));
  }

  @Property
  void whatever_the_times_are_they_are_times(@ForAll long seconds, @ForAll int nanos) {
    var time = Time.newBuilder().setSeconds(seconds).setNanos(nanos);
    var noted = io.ossmount.proto.records.v1.Attributes.newBuilder().setModified(time);
    var record = NodeRecord.newBuilder().setAttributes(noted).build();

    assertThat(RecordedAttributes.of(record.toByteArray())).isPresent();
  }
}
