package io.ossmount.emulator.protocol;

import io.ossmount.emulator.http.HttpResponse;
import io.ossmount.emulator.http.Percent;
import io.ossmount.emulator.store.Bucket;
import io.ossmount.emulator.store.Listing;
import io.ossmount.emulator.store.MultipartUpload;
import io.ossmount.emulator.store.Position;
import io.ossmount.emulator.store.StoredObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** ListObjects, ListObjectsV2 and ListMultipartUploads. */
final class Lists {
  private static final int MOST = 1000;
  private static final int USUAL = 100;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final OssRequest request;
  private final Bucket bucket;
  private final boolean isUrlEncoded;
  private final String prefix;
  private final String delimiter;
  private final XmlWriter xml;

  private Lists(OssRequest request, Bucket bucket, String root) {
    this.request = request;
    this.bucket = bucket;
    this.isUrlEncoded = request.isUrlEncoded();
    this.prefix = parameter("prefix");
    this.delimiter = parameter("delimiter");
    this.xml = new XmlWriter(root);
  }

  static String time(Instant instant) {
    return TIME.format(instant);
  }

  /** The first version: goes on after a marker, which is the last name of the page before. */
  static HttpResponse objects(OssRequest request, Bucket bucket) {
    Lists lists = new Lists(request, bucket, "ListBucketResult");
    String marker = lists.parameter("marker");
    int most = (int) request.number("max-keys", USUAL, 1, MOST);
    Listing<StoredObject> page = lists.page(lists.afterMarker(marker), most);
    lists.head();
    lists.name("Marker", marker);
    lists.xml.element("MaxKeys", most).element("IsTruncated", page.next().isPresent());
    page.next().ifPresent(next -> lists.name("NextMarker", next.name()));
    lists.entries(page, true);
    return lists.xml.answer(200);
  }

  /** The second version: goes on with a token. */
  static HttpResponse objectsV2(OssRequest request, Bucket bucket) {
    Lists lists = new Lists(request, bucket, "ListBucketResult");
    String startAfter = lists.parameter("start-after");
    Optional<String> token = request.query().get("continuation-token").filter(t -> !t.isEmpty());
    int most = (int) request.number("max-keys", USUAL, 1, MOST);
    Position from = token.map(Lists::position).orElseGet(() -> lists.afterMarker(startAfter));
    Listing<StoredObject> page = lists.page(from, most);
    lists.head();
    if (!startAfter.isEmpty()) {
      lists.name("StartAfter", startAfter);
    }
    lists
        .xml
        .element("MaxKeys", most)
        .element("IsTruncated", page.next().isPresent())
        .element("KeyCount", page.entries().size() + page.prefixes().size());
    token.ifPresent(given -> lists.xml.element("ContinuationToken", given));
    page.next().ifPresent(next -> lists.xml.element("NextContinuationToken", token(next)));
    lists.entries(page, request.query().get("fetch-owner").filter("true"::equals).isPresent());
    return lists.xml.answer(200);
  }

  static HttpResponse uploads(OssRequest request, Bucket bucket) {
    Lists lists = new Lists(request, bucket, "ListMultipartUploadsResult");
    String keyMarker = lists.parameter("key-marker");
    String idMarker = lists.parameter("upload-id-marker");
    int most = (int) request.number("max-uploads", MOST, 1, MOST);
    Listing<MultipartUpload.Beginning> page =
        bucket.listUploads(
            new Listing.Request(
                lists.prefix, lists.delimiter, afterUpload(keyMarker, idMarker), most));
    lists.head();
    lists.name("KeyMarker", keyMarker);
    lists.xml.element("UploadIdMarker", idMarker).element("MaxUploads", most);
    lists.xml.element("IsTruncated", page.next().isPresent());
    page.next()
        .ifPresent(next -> {
          int end = next.name().indexOf('\0');
          lists.name("NextKeyMarker", end < 0 ? next.name() : next.name().substring(0, end));
          lists.xml.element("NextUploadIdMarker", end < 0 ? "" : next.name().substring(end + 1));
        });
    for (MultipartUpload.Beginning upload : page.entries()) {
      lists.xml.open("Upload");
      lists.name("Key", upload.key());
      lists
          .xml
          .element("UploadId", upload.id())
          .element("StorageClass", "Standard")
          .element("Initiated", time(upload.initiated()))
          .close();
    }
    lists.prefixes(page);
    return lists.xml.answer(200);
  }

  /** Uploads are listed by key, a zero, and id. */
  private static Position afterUpload(String keyMarker, String idMarker) {
    if (keyMarker.isEmpty()) {
      return Position.START;
    }
    return idMarker.isEmpty()
        ? new Position(keyMarker + '\1', Position.Kind.AT)
        : new Position(keyMarker + '\0' + idMarker, Position.Kind.AFTER_KEY);
  }

  private Listing<StoredObject> page(Position from, int most) {
    return bucket.list(new Listing.Request(prefix, delimiter, from, most));
  }

  /** A marker that is itself a common prefix means all that is folded into it. */
  private Position afterMarker(String marker) {
    if (marker.isEmpty()) {
      return Position.START;
    }
    boolean isCommonPrefix =
        !delimiter.isEmpty()
            && marker.startsWith(prefix)
            && marker.length() > prefix.length()
            && marker.indexOf(delimiter, prefix.length()) == marker.length() - delimiter.length();
    return new Position(
        marker, isCommonPrefix ? Position.Kind.AFTER_PREFIX : Position.Kind.AFTER_KEY);
  }

  static String token(Position position) {
    byte[] text = (position.kind() + ":" + position.name()).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
  }

  static Position position(String token) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      Position.Kind kind = Position.Kind.valueOf(text.substring(0, colon));
      return new Position(text.substring(colon + 1), kind);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw OssRequest.invalid("continuation-token", token);
    }
  }

  private String parameter(String name) {
    return request.query().get(name).orElse("");
  }

  private void head() {
    xml.element("Name", bucket.name());
    name("Prefix", prefix);
    if (!delimiter.isEmpty()) {
      name("Delimiter", delimiter);
    }
    if (isUrlEncoded) {
      xml.element("EncodingType", "url");
    }
  }

  private void name(String element, String value) {
    xml.element(element, isUrlEncoded ? Percent.encode(value) : value);
  }

  private void entries(Listing<StoredObject> page, boolean withOwner) {
    for (StoredObject object : page.entries()) {
      xml.open("Contents");
      name("Key", object.key());
      xml.element("LastModified", time(object.modified()))
          .element("ETag", Headers.quoted(object.etag()))
          .element("Type", object.type().apiName())
          .element("Size", object.size())
          .element("StorageClass", "Standard");
      if (withOwner) {
        BucketOperations.owner(xml);
      }
      xml.close();
    }
    prefixes(page);
  }

  private void prefixes(Listing<?> page) {
    for (String each : page.prefixes()) {
      xml.open("CommonPrefixes");
      name("Prefix", each);
      xml.close();
    }
  }
}
