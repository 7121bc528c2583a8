package io.ossmount.chaos.work;

import java.io.Closeable;
import java.io.IOException;

/** Closing what was read from, whose failure says nothing about what was read. */
final class Closing {
  private Closing() {}

  static void quietly(Closeable open) {
    try {
      open.close();
    } catch (IOException _) {
      // The operation before told what there is to tell.
    }
  }
}
