package io.ossmount.emulator.store;

import java.io.IOException;

/** More bytes came than an object or part may have. */
public final class ContentTooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  ContentTooLargeException() {
    super("too many bytes");
  }
}
