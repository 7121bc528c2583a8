package io.ossmount.emulator.api;

import java.util.LinkedHashMap;
import java.util.Map;

/** A request that is answered with an error. Carries no secret; has no stack trace. */
public final class OssException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final int status;
  private final LinkedHashMap<String, String> details = new LinkedHashMap<>();
  private final LinkedHashMap<String, String> headers = new LinkedHashMap<>();

  /** Any code and status, known to this emulator or not. */
  public OssException(int status, String code, String message) {
    super(message, null, false, false);
    this.code = code;
    this.status = status;
  }

  /** With the usual message. */
  public OssException(ErrorCode code) {
    this(code, code.message());
  }

  /** With a message of its own. */
  public OssException(ErrorCode code, String message) {
    this(code.status(), code.code(), message);
  }

  /** Adds an element to the XML. */
  public OssException detail(String element, String value) {
    details.put(element, value);
    return this;
  }

  /** Adds a header to the answer. */
  public OssException header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  /** For example "NoSuchKey". */
  public String code() {
    return code;
  }

  /** HTTP status. */
  public int status() {
    return status;
  }

  /** Further elements of the XML. */
  public Map<String, String> details() {
    return details;
  }

  /** Further headers of the answer. */
  public Map<String, String> headers() {
    return headers;
  }
}
