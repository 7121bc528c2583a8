package io.ossmount.fuse.protocol;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** File names and link targets: UTF-8 and nothing else, so that each has one spelling in a key. */
final class Names {
  /** NAME_MAX. */
  static final int MAX_BYTES = 255;

  /** PATH_MAX, less its end. */
  static final int MAX_TARGET_BYTES = 4095;

  private Names() {}

  /** Where the text that begins at {@code from} ends: the index of its zero byte. */
  static long end(MemorySegment bytes, long from) {
    for (long at = from; at < bytes.byteSize(); at++) {
      if (bytes.get(JAVA_BYTE, at) == 0) {
        return at;
      }
    }
    throw new FuseException(Errno.EINVAL, "name without end");
  }

  /** The name of a file in its directory. */
  static String name(MemorySegment bytes, long from, long end) {
    String name = text(bytes, from, end, MAX_BYTES);
    if (name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
      throw new FuseException(Errno.EINVAL, "not the name of a file");
    }
    return name;
  }

  /** The target of a symbolic link. */
  static String target(MemorySegment bytes, long from, long end) {
    return text(bytes, from, end, MAX_TARGET_BYTES);
  }

  private static String text(MemorySegment bytes, long from, long end, int maxBytes) {
    if (end == from) {
      throw new FuseException(Errno.EINVAL, "empty name");
    }
    if (end - from > maxBytes) {
      throw new FuseException(Errno.ENAMETOOLONG);
    }
    byte[] raw = bytes.asSlice(from, end - from).toArray(JAVA_BYTE);
    try {
      // A decoder of its own reports what new String() would replace in silence.
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString();
    } catch (CharacterCodingException e) {
      throw new FuseException(Errno.EILSEQ);
    }
  }

  /**
   * The bytes of a name that a file system gives.
   *
   * @throws IllegalArgumentException when the kernel would refuse it, and the whole listing with it
   */
  static byte[] encode(String name) {
    byte[] bytes = encodeText(name);
    if (bytes.length == 0 || bytes.length > MAX_BYTES || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException("not the name of a file: " + name);
    }
    return bytes;
  }

  /** The bytes of a text without zero, in UTF-8. */
  static byte[] encodeText(String text) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      if (text.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("a name with a zero byte");
      }
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("not a text in Unicode", e);
    }
  }
}
