package io.ossmount.cache.log;

import java.util.Locale;

/** How a line of the log is written. */
public enum LogFormat {
  TEXT,
  JSON;

  /** Anything but json is text. */
  static LogFormat of(String name) {
    return name.toUpperCase(Locale.ROOT).equals(JSON.name()) ? JSON : TEXT;
  }
}
