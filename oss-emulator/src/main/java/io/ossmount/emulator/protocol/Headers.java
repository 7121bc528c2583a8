package io.ossmount.emulator.protocol;

import io.ossmount.emulator.http.HttpDate;
import io.ossmount.emulator.http.HttpHeaders;
import io.ossmount.emulator.store.ObjectType;
import io.ossmount.emulator.store.StoredObject;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Names of headers, and how an object shows in them. */
final class Headers {
  static final String COPY_SOURCE = "x-oss-copy-source";
  static final String CRC64 = "x-oss-hash-crc64ecma";
  static final String FORBID_OVERWRITE = "x-oss-forbid-overwrite";
  static final String META = "x-oss-meta-";
  static final String OBJECT_TYPE = "x-oss-object-type";
  static final String SYMLINK_TARGET = "x-oss-symlink-target";

  private static final String CONTENT_TYPE = "content-type";
  private static final String DEFAULT_CONTENT_TYPE = "application/octet-stream";

  /** Standard headers that are kept with an object and sent with it. */
  private static final List<String> KEPT =
      List.of(
          "cache-control",
          "content-disposition",
          "content-encoding",
          "content-language",
          CONTENT_TYPE,
          "expires");

  private Headers() {}

  /** What of a request's headers is kept with the object. */
  static Map<String, String> attributes(HttpHeaders headers) {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (String name : headers.names()) {
      if (name.startsWith(META) || KEPT.contains(name)) {
        attributes.put(name, headers.get(name).orElse(""));
      }
    }
    attributes.putIfAbsent(CONTENT_TYPE, DEFAULT_CONTENT_TYPE);
    return attributes;
  }

  /** All that HeadObject tells of an object. */
  static Map<String, String> of(StoredObject object) {
    Map<String, String> headers = brief(object);
    headers.put("Accept-Ranges", "bytes");
    headers.put(OBJECT_TYPE, object.type().apiName());
    headers.put("x-oss-storage-class", "Standard");
    if (object.type() == ObjectType.NORMAL && object.etag().length() == 32) {
      headers.put(
          "Content-MD5",
          Base64.getEncoder().encodeToString(HexFormat.of().parseHex(object.etag())));
    }
    object.attributes().forEach((name, value) -> headers.put(canonical(name), value));
    return headers;
  }

  /** What GetObjectMeta tells. */
  static Map<String, String> brief(StoredObject object) {
    Map<String, String> headers = written(object.content());
    headers.put("Last-Modified", HttpDate.format(object.modified()));
    return headers;
  }

  /** What is told to whoever wrote these bytes. */
  static Map<String, String> written(StoredObject.Content content) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("ETag", quoted(content.etag()));
    headers.put(CRC64, Long.toUnsignedString(content.crc64()));
    return headers;
  }

  static String quoted(String etag) {
    return '"' + etag + '"';
  }

  static String unquoted(String etag) {
    return etag.trim().replace("\"", "");
  }

  /** Clients match "Content-Type" in any case, but people read logs. */
  private static String canonical(String name) {
    if (name.startsWith("x-oss-")) {
      return name;
    }
    StringBuilder text = new StringBuilder();
    for (String word : name.split("-", -1)) {
      text.append(text.isEmpty() ? "" : "-")
          .append(word.substring(0, 1).toUpperCase(Locale.ROOT))
          .append(word.substring(1));
    }
    return text.toString();
  }
}
