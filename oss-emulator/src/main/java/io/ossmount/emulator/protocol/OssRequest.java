package io.ossmount.emulator.protocol;

import io.ossmount.emulator.api.ErrorCode;
import io.ossmount.emulator.api.OssException;
import io.ossmount.emulator.auth.AccessKey;
import io.ossmount.emulator.http.HttpHeaders;
import io.ossmount.emulator.http.HttpRequest;
import io.ossmount.emulator.http.Query;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A request that was found to be signed and allowed.
 *
 * @param http as it came
 * @param address what it is about
 * @param caller who signed it
 */
record OssRequest(HttpRequest http, Address address, AccessKey caller) {
  private static final int LARGEST_DOCUMENT = 4 * 1024 * 1024;
  private static final int LONGEST_KEY = 1023;

  String key() {
    return address.key();
  }

  /**
   * The key, for an object that is to be made.
   *
   * @throws OssException InvalidObjectName
   */
  String newKey() {
    String key = address.key();
    boolean isValid =
        key.getBytes(StandardCharsets.UTF_8).length <= LONGEST_KEY
            && !key.startsWith("/")
            && !key.startsWith("\\");
    if (!isValid) {
      throw new OssException(ErrorCode.INVALID_OBJECT_NAME).detail("ObjectName", key);
    }
    return key;
  }

  Query query() {
    return http.query();
  }

  HttpHeaders headers() {
    return http.headers();
  }

  Optional<String> header(String name) {
    return http.headers().get(name);
  }

  boolean forbidsOverwrite() {
    return http.headers().is(Headers.FORBID_OVERWRITE, "true");
  }

  /**
   * A query parameter that must be there.
   *
   * @throws OssException MissingArgument
   */
  String parameter(String name) {
    return query()
        .get(name)
        .orElseThrow(
            () -> new OssException(ErrorCode.MISSING_ARGUMENT).detail("ArgumentName", name));
  }

  /**
   * A number in the query.
   *
   * @throws OssException InvalidArgument: none, or out of range
   */
  long number(String name, long otherwise, long least, long most) {
    Optional<String> given = query().get(name).filter(value -> !value.isEmpty());
    try {
      long value = given.map(Long::parseLong).orElse(otherwise);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // the same as out of range
    }
    throw invalid(name, given.orElse(""));
  }

  /** InvalidArgument, naming it. */
  static OssException invalid(String name, String value) {
    return new OssException(ErrorCode.INVALID_ARGUMENT)
        .detail("ArgumentName", name)
        .detail("ArgumentValue", value);
  }

  /** Whether names in the answer are to be percent-encoded. DeleteMultipleObjects has a header. */
  boolean isUrlEncoded() {
    Optional<String> type = query().get("encoding-type").or(() -> header("encoding-type"));
    if (type.isPresent() && !type.get().equals("url")) {
      throw invalid("encoding-type", type.get());
    }
    return type.isPresent();
  }

  /** The whole body, which must be small. */
  byte[] document() throws IOException {
    byte[] bytes = http.body().readNBytes(LARGEST_DOCUMENT + 1);
    if (bytes.length > LARGEST_DOCUMENT) {
      throw new OssException(ErrorCode.MALFORMED_XML);
    }
    return bytes;
  }
}
