package io.ossmount.emulator.http;

/** What came is not an HTTP request that this server understands. */
public final class MalformedRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what is wrong. */
  public MalformedRequestException(String message) {
    super(message, null, false, false);
  }
}
