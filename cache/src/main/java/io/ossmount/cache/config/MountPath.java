package io.ossmount.cache.config;

import java.nio.charset.StandardCharsets;

/** Where a nested mount is, below the mount's root: names with "/" between them. */
public final class MountPath {
  /** As a kernel has it, and as OSS has keys. */
  private static final int NAME_MAX = 255;

  private static final int PATH_MAX = 1000;

  /** How names of objects begin that could not be shown otherwise. */
  private static final String RESERVED = "%oss";

  private MountPath() {}

  /**
   * Whether it is one: no name is empty, ".", "..", too long, or begins with {@value #RESERVED}.
   */
  public static boolean isRight(String path) {
    for (String name : path.split("/", -1)) {
      if (!isName(name)) {
        return false;
      }
    }
    return bytes(path) <= PATH_MAX;
  }

  private static boolean isName(String name) {
    return !name.isEmpty()
        && !name.equals(".")
        && !name.equals("..")
        && name.indexOf('\0') < 0
        && !name.startsWith(RESERVED)
        && bytes(name) <= NAME_MAX;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
