package io.ossmount.cache.write;

import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectVersion;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Type and body of a {@link JournalRecord}, field by field. Not thread-safe. */
final class RecordBody {
  private ByteBuffer bytes = ByteBuffer.allocate(JournalRecord.SLOT);

  RecordBody type(int type) {
    return add((byte) type);
  }

  RecordBody flag(boolean flag) {
    return add((byte) (flag ? 1 : 0));
  }

  private RecordBody add(byte one) {
    room(1).put(one);
    return this;
  }

  RecordBody number(long number) {
    room(Long.BYTES).putLong(number);
    return this;
  }

  RecordBody text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    room(Integer.BYTES + utf8.length).putInt(utf8.length).put(utf8);
    return this;
  }

  RecordBody optional(Optional<String> text) {
    flag(text.isPresent());
    return text.map(this::text).orElse(this);
  }

  RecordBody version(Optional<ObjectVersion> version) {
    flag(version.isPresent());
    return version
        .map(given -> text(given.key()).text(given.etag()).number(given.size()))
        .orElse(this);
  }

  RecordBody metadata(ObjectMetadata metadata) {
    optional(metadata.contentType()).number(metadata.user().size());
    new TreeMap<>(metadata.user()).forEach((name, value) -> text(name).text(value));
    return this;
  }

  private ByteBuffer room(int more) {
    if (bytes.remaining() < more) {
      int size = bytes.position() + more;
      bytes = ByteBuffer.wrap(Arrays.copyOf(bytes.array(), 2 * size)).position(bytes.position());
    }
    return bytes;
  }

  ByteBuffer done() {
    return bytes.flip();
  }

  /** Reads one; empty when it is none that this version knows. */
  static Optional<JournalRecord> read(ByteBuffer from) {
    try {
      return known(from.get(), from).filter(record -> !from.hasRemaining());
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<JournalRecord> known(byte type, ByteBuffer from) {
    return Optional.ofNullable(
        switch (type) {
          case 1 -> new JournalRecord.Created(text(from), version(from));
          case 2 -> new JournalRecord.Shape(from.getLong(), from.getLong());
          case 3 -> new JournalRecord.Write(from.getLong(), from.getLong());
          case 4 -> new JournalRecord.Filled(from.getLong(), from.getLong());
          case 5 -> new JournalRecord.Truncate(from.getLong());
          case 6 -> new JournalRecord.Renamed(text(from));
          case 8 -> new JournalRecord.Upload(text(from), text(from));
          case 9 -> new JournalRecord.UploadEnded(text(from));
          case 10 -> completing(from);
          case 11 -> version(from).map(JournalRecord.Done::new).orElse(null);
          case 12 -> new JournalRecord.Closed();
          case 13 -> new JournalRecord.Beginning(text(from), from.getLong());
          case 14 -> new JournalRecord.NotBegun(text(from));
          case 15 -> new JournalRecord.Unnamed();
          case 16 -> version(from).map(JournalRecord.Based::new).orElse(null);
          case 17 -> new JournalRecord.Superseded(text(from));
          case 18 ->
              new JournalRecord.Intended(
                  new WriteIntent(flag(from), flag(from), version(from), metadata(from)));
          case 19 -> new JournalRecord.Promised();
          default -> null;
        });
  }

  private static JournalRecord completing(ByteBuffer from) {
    String key = text(from);
    Optional<String> upload = flag(from) ? Optional.of(text(from)) : Optional.empty();
    long size = from.getLong();
    boolean isKnown = flag(from);
    long crc64 = from.getLong();
    return new JournalRecord.Completing(
        key, upload, size, isKnown ? Optional.of(crc64) : Optional.empty());
  }

  private static boolean flag(ByteBuffer from) {
    return from.get() != 0;
  }

  private static String text(ByteBuffer from) {
    int length = from.getInt();
    if (length < 0 || length > from.remaining()) {
      throw new IllegalArgumentException("a text of " + length + " bytes");
    }
    byte[] utf8 = new byte[length];
    from.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static Optional<ObjectVersion> version(ByteBuffer from) {
    return flag(from)
        ? Optional.of(new ObjectVersion(text(from), text(from), from.getLong()))
        : Optional.empty();
  }

  private static ObjectMetadata metadata(ByteBuffer from) {
    Optional<String> type = flag(from) ? Optional.of(text(from)) : Optional.empty();
    long count = from.getLong();
    Map<String, String> user = new HashMap<>();
    for (long i = 0; i < count; i++) {
      user.put(text(from), text(from));
    }
    return new ObjectMetadata(type, user);
  }
}
