package io.ossmount.chaos.scene;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Command lines of the product's programs. Their jars are copied to where the user of cache pods
 * may read them; all are as the build made them.
 *
 * @param classPath of all of them
 */
public record Programs(String classPath) {
  /** Copies what is in this process's class path. */
  public static Programs copyTo(Path directory) throws IOException {
    Files.createDirectories(directory);
    var paths = new ArrayList<String>();
    for (var entry : classPathOfThisProcess().split(File.pathSeparator, -1)) {
      var from = Path.of(entry);
      if (entry.endsWith(".jar")) {
        var to = directory.resolve(paths.size() + "-" + from.getFileName());
        Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        paths.add(to.toString());
      }
    }
    return new Programs(String.join(File.pathSeparator, paths));
  }

  /** The class path of this process; also where a test's one is hidden in a jar. */
  static String classPathOfThisProcess() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /** What starts a main. */
  public List<String> java(String main, List<String> options) {
    return command(classPath, main, options);
  }

  private static List<String> command(String classPath, String main, List<String> options) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC"));
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main));
    return command;
  }
}
