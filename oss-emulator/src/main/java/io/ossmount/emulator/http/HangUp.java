package io.ossmount.emulator.http;

import java.io.IOException;

/** Ends a connection without (the rest of) an answer. */
public final class HangUp extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean reset;

  /**
   * With the way of it.
   *
   * @param reset true: a TCP reset; false: an orderly end of stream
   */
  public HangUp(boolean reset) {
    super("hang up");
    this.reset = reset;
  }

  /** The client did so itself. */
  HangUp(IOException cause) {
    super(cause);
    this.reset = false;
  }

  boolean isReset() {
    return reset;
  }
}
