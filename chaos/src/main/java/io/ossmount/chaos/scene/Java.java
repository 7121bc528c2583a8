package io.ossmount.chaos.scene;

import java.nio.file.Path;
import java.util.List;

/** The command line of another process of this program. */
public final class Java {
  private Java() {}

  /** Up to the name of its main class. */
  public static List<String> own(Class<?> main) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx128m",
        "-cp",
        Programs.classPathOfThisProcess(),
        main.getName());
  }
}
