package io.ossmount.fuse.protocol;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.Created;
import io.ossmount.fuse.Entry;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.Opened;
import io.ossmount.fuse.Statistics;
import java.lang.foreign.MemorySegment;

/**
 * The room for an answer: each method writes one and returns its size, header included.
 *
 * @param room at least {@link ProtocolServer#MIN_ROOM} bytes
 * @param unique request that is answered
 */
record Answer(MemorySegment room, long unique) {
  /** Success, and {@code payloadBytes} of payload that are there already. */
  int success(int payloadBytes) {
    int length = OutHeader.BYTES + payloadBytes;
    new OutHeader(length, 0, unique).encode(room);
    return length;
  }

  int error(Errno errno) {
    new OutHeader(OutHeader.BYTES, -errno.number(), unique).encode(room);
    return OutHeader.BYTES;
  }

  /** Where the payload begins. */
  MemorySegment payload() {
    return room.asSlice(OutHeader.BYTES);
  }

  int entry(Entry entry) {
    if (entry.isNegative() && entry.validity().isZero()) {
      return error(Errno.ENOENT);
    }
    EntryOut.encode(entry, payload());
    return success(EntryOut.BYTES);
  }

  int attributes(Attributes attributes) {
    AttrOut.encode(attributes, payload());
    return success(AttrOut.BYTES);
  }

  int opened(Opened opened) {
    encode(opened, payload());
    return success(OpenOut.BYTES);
  }

  int created(Created created) {
    EntryOut.encode(created.entry(), payload());
    encode(created.opened(), payload().asSlice(EntryOut.BYTES));
    return success(EntryOut.BYTES + OpenOut.BYTES);
  }

  int statistics(Statistics statistics) {
    StatfsOut.encode(statistics, payload());
    return success(StatfsOut.BYTES);
  }

  /** A link's target: no zero byte at its end. */
  int text(String text) {
    byte[] bytes = Names.encodeText(text);
    if (bytes.length == 0 || bytes.length > Names.MAX_TARGET_BYTES) {
      throw new IllegalArgumentException("target of a link with %d bytes".formatted(bytes.length));
    }
    MemorySegment.copy(bytes, 0, room, JAVA_BYTE, OutHeader.BYTES, bytes.length);
    return success(bytes.length);
  }

  int read(int count, int wanted) {
    requireWithin(count, wanted);
    return success(count);
  }

  int written(int count, int wanted) {
    requireWithin(count, wanted);
    new WriteOut(count).encode(payload());
    return success(WriteOut.BYTES);
  }

  int listing(DirectoryPage page) {
    return page.isTooSmall() ? error(Errno.EINVAL) : success(page.bytes());
  }

  private static void requireWithin(int count, int wanted) {
    if (count < 0 || count > wanted) {
      throw new IllegalStateException("%d bytes done of %d".formatted(count, wanted));
    }
  }

  private static void encode(Opened opened, MemorySegment bytes) {
    if (opened.handle() == FileSystem.NO_HANDLE) {
      throw new IllegalStateException("an open file without a handle");
    }
    int flags = 0;
    for (Opened.Option option : opened.options()) {
      flags |= option.bit();
    }
    if (opened.isPassthrough()) {
      flags |= OpenOut.PASSTHROUGH;
    }
    new OpenOut(opened.handle(), flags, opened.backing()).encode(bytes);
  }
}
