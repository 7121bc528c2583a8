package io.ossmount.emulator.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** New contents made of old ones without touching a byte. */
public final class Contents {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private Contents() {}

  /** Nothing, under the ETag that a text would have. */
  public static StoredObject.Content empty(String etagText) {
    byte[] digest = md5().digest(etagText.getBytes(StandardCharsets.UTF_8));
    return new StoredObject.Content(List.of(), 0, HEX.formatHex(digest), 0);
  }

  /** Parts one after the other; the ETag is the MD5 of their MD5s and their number. */
  static StoredObject.Content join(List<Part> parts) {
    List<Segment> segments = new ArrayList<>();
    MessageDigest digest = md5();
    long size = 0;
    long crc64 = 0;
    for (Part part : parts) {
      StoredObject.Content content = part.content();
      segments.addAll(content.segments());
      digest.update(HEX.parseHex(content.etag()));
      size += content.size();
      crc64 = Crc64.combine(crc64, content.crc64(), content.size());
    }
    String etag = HEX.formatHex(digest.digest()) + "-" + parts.size();
    return new StoredObject.Content(segments, size, etag, crc64);
  }

  /** What an append makes; the ETag is a new one that is no MD5 of the bytes, as OSS warns. */
  static StoredObject.Content append(StoredObject.Content before, StoredObject.Content added) {
    List<Segment> segments =
        Stream.concat(before.segments().stream(), added.segments().stream()).toList();
    byte[] digest = md5().digest((before.etag() + added.etag()).getBytes(StandardCharsets.UTF_8));
    return new StoredObject.Content(
        segments,
        before.size() + added.size(),
        HEX.formatHex(digest),
        Crc64.combine(before.crc64(), added.crc64(), added.size()));
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
