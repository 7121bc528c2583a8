package io.ossmount.emulator.protocol;

import io.ossmount.emulator.api.ErrorCode;
import io.ossmount.emulator.api.OssException;
import io.ossmount.emulator.http.HttpDate;
import io.ossmount.emulator.store.StoredObject;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** If-Match and its relatives, for reading and (with a prefix of their names) for copying. */
final class Conditions {
  private final OssRequest request;
  private final String prefix;

  private Conditions(OssRequest request, String prefix) {
    this.request = request;
    this.prefix = prefix;
  }

  /**
   * Checks the conditions of GetObject and HeadObject.
   *
   * @throws OssException PreconditionFailed, NotModified
   */
  static void checkRead(OssRequest request, StoredObject object) {
    new Conditions(request, "").check(object);
  }

  /** Checks those of CopyObject and UploadPartCopy, of the source. */
  static void checkCopySource(OssRequest request, StoredObject source) {
    new Conditions(request, Headers.COPY_SOURCE + "-").check(source);
  }

  private void check(StoredObject object) {
    Optional<String> match = header("if-match");
    if (match.isPresent() && !hasEtag(match.get(), object)) {
      throw new OssException(ErrorCode.PRECONDITION_FAILED).detail("Condition", "If-Match");
    }
    if (date("if-unmodified-since").filter(object.modified()::isAfter).isPresent()) {
      throw new OssException(ErrorCode.PRECONDITION_FAILED)
          .detail("Condition", "If-Unmodified-Since");
    }
    Optional<String> noneMatch = header("if-none-match");
    boolean isUnmodified =
        date("if-modified-since").filter(since -> !object.modified().isAfter(since)).isPresent();
    if (noneMatch.map(etags -> hasEtag(etags, object)).orElse(isUnmodified)) {
      throw new OssException(ErrorCode.NOT_MODIFIED)
          .header("ETag", Headers.quoted(object.etag()))
          .header("Last-Modified", HttpDate.format(object.modified()));
    }
  }

  private static boolean hasEtag(String etags, StoredObject object) {
    return Arrays.stream(etags.split(",", -1))
        .map(Headers::unquoted)
        .anyMatch(etag -> etag.equals("*") || etag.equalsIgnoreCase(object.etag()));
  }

  private Optional<String> header(String name) {
    return request.header(prefix + name);
  }

  private Optional<Instant> date(String name) {
    return header(name).flatMap(HttpDate::parse);
  }
}
