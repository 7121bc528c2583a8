package io.ossmount.cache;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts {@code mount} as a process of its own. */
final class MountProcess {
  private MountProcess() {}

  /** With the access key {@code id} and this secret; what it says goes to {@code log}. */
  static Process start(Path log, String secret, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                CacheMain.class.getName(),
                "mount"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("OSS_ACCESS_KEY_ID", "id");
    builder.environment().put("OSS_ACCESS_KEY_SECRET", secret);
    return builder.start();
  }
}
