package io.ossmount.chaos;

import java.nio.file.Path;
import java.util.List;

/** The command line of another process of this program. */
final class Java {
  private Java() {}

  /** Up to the name of its main class. */
  static List<String> own(Class<?> main) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx128m",
        "-cp",
        // Where a test runs, its class path is hidden in a jar.
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        main.getName());
  }
}
