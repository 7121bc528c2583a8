package io.ossmount.cache.write;

import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectVersion;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One line of a staging journal, and how it is written: {@code u32 length, u32 crc32c, u8 type,
 * body}, big endian; length and checksum are of type and body. A record begins at a multiple of
 * {@value #SLOT} bytes and is filled up with zeros to the next one, so that a {@link Write}, which
 * is one slot and is written over when it grows, never lies on two pages: the kernel copies it as a
 * whole or not at all, also when the process is killed. Strings are UTF-8 with their length before
 * them, optional things have a byte before them that says whether they are there.
 */
sealed interface JournalRecord {
  /** Records begin at multiples of it. */
  int SLOT = 32;

  /** Length and checksum. */
  int FRAME = 2 * Integer.BYTES;

  /** The file was made, over {@code base} if that is given. Always the first record. */
  record Created(String key, Optional<ObjectVersion> base) implements JournalRecord {}

  /** What {@link Truncate}s have made of the file; stands for them in a journal written anew. */
  record Shape(long size, long baseLimit) implements JournalRecord {}

  /** Bytes were written by somebody. */
  record Write(long start, long end) implements JournalRecord {
    /** Both in one, if nothing lies between them. */
    Optional<Write> with(Write other) {
      return start <= other.end && other.start <= end
          ? Optional.of(new Write(Math.min(start, other.start), Math.max(end, other.end)))
          : Optional.empty();
    }
  }

  /** Bytes of the base were copied here: readers see no difference. */
  record Filled(long start, long end) implements JournalRecord {}

  /** The file was cut, or extended by zeros. */
  record Truncate(long size) implements JournalRecord {}

  /** The file goes to another key, and has a name. */
  record Renamed(String key) implements JournalRecord {}

  /** It has no name any more, or not yet: only who has it open wants its bytes. */
  record Unnamed() implements JournalRecord {}

  /** The base is this version now, which has the same bytes. */
  record Based(ObjectVersion version) implements JournalRecord {}

  /** Another staging file stands for this one, whose bytes are not wanted any more. */
  record Superseded(String by) implements JournalRecord {}

  /** How the file is to reach OSS. */
  record Intended(WriteIntent intent) implements JournalRecord {}

  /** OSS is about to begin a multipart upload; the time is this machine's. */
  record Beginning(String key, long epochMillis) implements JournalRecord {}

  /** OSS has begun none of the key, and will not. */
  record NotBegun(String key) implements JournalRecord {}

  /** OSS has begun a multipart upload. */
  record Upload(String id, String key) implements JournalRecord {}

  /** That upload was given up. */
  record UploadEnded(String id) implements JournalRecord {}

  /**
   * OSS is about to be told to make the object.
   *
   * @param upload of its parts; empty: by one PUT
   * @param crc64 what it will have, if known
   */
  record Completing(String key, Optional<String> upload, long size, Optional<Long> crc64)
      implements JournalRecord {
    /** Whether the other one makes an object of the same key and bytes, if both sums are known. */
    boolean makesSameAs(Completing other) {
      return key.equals(other.key) && size == other.size && crc64.equals(other.crc64);
    }

    /** Whether an object is what this has made. */
    boolean isThat(ObjectInfo found) {
      return found.key().equals(key)
          && found.size() == size
          && crc64.isPresent()
          && crc64.equals(found.crc64());
    }

    /** The same, however it was made. */
    Completing withoutUpload() {
      return new Completing(key, Optional.empty(), size, crc64);
    }
  }

  /** OSS has made it. */
  record Done(ObjectVersion version) implements JournalRecord {}

  /** Its last writer is gone: it wants to be uploaded. */
  record Closed() implements JournalRecord {}

  /**
   * What is there so far is on the disk, and somebody was told that it reaches OSS: it does, with
   * or without a session.
   */
  record Promised() implements JournalRecord {}

  /** The record as it is written: a multiple of {@link #SLOT} bytes. */
  default byte[] encode() {
    ByteBuffer plain = body();
    byte[] slots = new byte[slots(FRAME + plain.remaining())];
    ByteBuffer into = ByteBuffer.wrap(slots);
    into.putInt(plain.remaining()).putInt(checksum(plain)).put(plain);
    return slots;
  }

  /** Bytes that a record of so many takes. */
  static int slots(int bytes) {
    return Math.ceilDiv(bytes, SLOT) * SLOT;
  }

  private static int checksum(ByteBuffer plain) {
    CRC32C crc = new CRC32C();
    crc.update(plain.duplicate());
    return (int) crc.getValue();
  }

  /**
   * Reads the record at the position, and moves that behind it; empty, and the position stays, when
   * there is no whole record.
   */
  static Optional<JournalRecord> decode(ByteBuffer from) {
    if (from.remaining() < FRAME + 1) {
      return Optional.empty();
    }
    int at = from.position();
    int length = from.getInt(at);
    if (length < 1 || length > from.remaining() - FRAME) {
      return Optional.empty();
    }
    ByteBuffer plain = from.slice(at + FRAME, length);
    if (checksum(plain) != from.getInt(at + Integer.BYTES)) {
      return Optional.empty();
    }
    Optional<JournalRecord> record = RecordBody.read(plain);
    if (record.isPresent()) {
      from.position((int) Math.min(from.limit(), at + (long) slots(FRAME + length)));
    }
    return record;
  }

  private ByteBuffer body() {
    RecordBody body = new RecordBody();
    return switch (this) {
      case Created made -> body.type(1).text(made.key).version(made.base).done();
      case Shape shape -> body.type(2).number(shape.size).number(shape.baseLimit).done();
      case Write write -> body.type(3).number(write.start).number(write.end).done();
      case Filled filled -> body.type(4).number(filled.start).number(filled.end).done();
      case Truncate cut -> body.type(5).number(cut.size).done();
      case Renamed renamed -> body.type(6).text(renamed.key).done();
      case Unnamed _ -> body.type(15).done();
      case Based based -> body.type(16).version(Optional.of(based.version)).done();
      case Superseded superseded -> body.type(17).text(superseded.by).done();
      case Intended said ->
          body.type(18)
              .flag(said.intent.appendsOnly())
              .flag(said.intent.replaces())
              .version(said.intent.version())
              .metadata(said.intent.metadata())
              .done();
      case Upload upload -> body.type(8).text(upload.id).text(upload.key).done();
      case UploadEnded ended -> body.type(9).text(ended.id).done();
      case Completing end ->
          body.type(10)
              .text(end.key)
              .optional(end.upload)
              .number(end.size)
              .flag(end.crc64.isPresent())
              .number(end.crc64.orElse(0L))
              .done();
      case Done made -> body.type(11).version(Optional.of(made.version)).done();
      case Closed _ -> body.type(12).done();
      case Promised _ -> body.type(19).done();
      case Beginning start -> body.type(13).text(start.key).number(start.epochMillis).done();
      case NotBegun not -> body.type(14).text(not.key).done();
    };
  }
}
