package io.ossmount.csi.fdstore;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ossmount.fuse.Attributes;
import io.ossmount.proto.records.v1.NodeRecord;
import io.ossmount.proto.records.v1.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a cache pod has noted of a node for the time without a server: a pure function. */
final class RecordedAttributes {
  private RecordedAttributes() {}

  /** Of the body of a node's record; empty when it does not say, or is no such record. */
  static Optional<Attributes> of(byte[] body) {
    try {
      var record = NodeRecord.parseFrom(body);
      return record.hasAttributes() ? Optional.of(of(record.getAttributes())) : Optional.empty();
    } catch (InvalidProtocolBufferException _) {
      return Optional.empty();
    }
  }

  private static Attributes of(io.ossmount.proto.records.v1.Attributes noted) {
    return new Attributes(
        noted.getInode(),
        noted.getSize(),
        noted.getMode(),
        noted.getLinks(),
        noted.getUid(),
        noted.getGid(),
        instant(noted.getAccessed()),
        instant(noted.getModified()),
        instant(noted.getChanged()),
        Duration.ZERO);
  }

  private static Instant instant(Time time) {
    return Instant.ofEpochSecond(
        Math.clamp(time.getSeconds(), Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()),
        Math.clamp(time.getNanos(), 0, 999_999_999));
  }
}
