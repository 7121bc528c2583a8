package io.ossmount.cache.store.oss;

import com.aliyun.oss.model.ListObjectsV2Result;
import com.aliyun.oss.model.OSSObjectSummary;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore.ListPage;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectVersion;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Records of ours from and to those of the SDK. */
final class OssModel {
  /**
   * Asks OSS to encode names in its XML, which cannot hold all of them; the SDK does not decode.
   */
  static final String URL_ENCODING = "url";

  private OssModel() {}

  static ListPage page(ListObjectsV2Result result) {
    UnaryOperator<String> decode =
        URL_ENCODING.equals(result.getEncodingType()) ? OssModel::decoded : text -> text;
    return new ListPage(
        result.getObjectSummaries().stream().map(summary -> info(summary, decode)).toList(),
        result.getCommonPrefixes().stream().map(decode).toList(),
        result.isTruncated()
            ? Optional.ofNullable(result.getNextContinuationToken()).map(decode)
            : Optional.empty());
  }

  /** A name that was encoded because {@link #URL_ENCODING} was asked for. */
  static String decoded(String name) {
    return URLDecoder.decode(name, StandardCharsets.UTF_8);
  }

  private static ObjectInfo info(OSSObjectSummary summary, UnaryOperator<String> decode) {
    return new ObjectInfo(
        new ObjectVersion(
            decode.apply(summary.getKey()), unquoted(summary.getETag()), summary.getSize()),
        summary.getLastModified().toInstant(),
        Optional.empty(),
        Optional.empty());
  }

  static ObjectInfo info(String key, com.aliyun.oss.model.ObjectMetadata head) {
    Map<String, String> user = new HashMap<>();
    head.getUserMetadata().forEach((name, value) -> user.put(name.toLowerCase(Locale.ROOT), value));
    return new ObjectInfo(
        new ObjectVersion(key, unquoted(head.getETag()), head.getContentLength()),
        head.getLastModified().toInstant(),
        Optional.of(user),
        Optional.ofNullable(head.getServerCRC()));
  }

  /** What was just written; OSS tells the time only when it is asked again. */
  static ObjectInfo written(
      String key, String etag, long size, ObjectMetadata metadata, long crc64) {
    return new ObjectInfo(
        new ObjectVersion(key, unquoted(etag), size),
        Instant.now(),
        Optional.of(metadata.user()),
        Optional.of(crc64));
  }

  static com.aliyun.oss.model.ObjectMetadata headers(ObjectMetadata metadata) {
    var headers = new com.aliyun.oss.model.ObjectMetadata();
    metadata.contentType().ifPresent(headers::setContentType);
    metadata.user().forEach(headers::addUserMetadata);
    return headers;
  }

  /** As a condition in a header wants it. */
  static String quoted(ObjectVersion version) {
    return '"' + version.etag() + '"';
  }

  static String unquoted(String etag) {
    return etag.replace("\"", "");
  }

  /** Whether a key can stand in the XML of a batch: XML 1.0 has no control characters. */
  static boolean fitsIntoXml(String key) {
    return key.codePoints()
        .allMatch(c -> c >= ' ' && c != 0x7F && c != 0xFFFE && c != 0xFFFF && !isSurrogate(c));
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
