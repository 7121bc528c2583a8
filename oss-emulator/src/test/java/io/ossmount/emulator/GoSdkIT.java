package io.ossmount.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client that nobody here wrote: Alibaba's SDK for Go. Needs Go on the machine. */
@Timeout(400)
class GoSdkIT {
  @TempDir Path directory;

  @Test
  void theGoSdkFindsWhatItExpects() throws IOException, InterruptedException {
    try (OssEmulator emulator =
        OssEmulator.builder()
            .directory(directory.resolve("data"))
            .accessKey(SdkClients.ID, SdkClients.SECRET)
            .hostSuffix("oss.example.test")
            .start()) {
      Path output = directory.resolve("output");
      Process process =
          new ProcessBuilder(
                  List.of(
                      "go",
                      "run",
                      ".",
                      Integer.toString(emulator.port()),
                      SdkClients.ID,
                      SdkClients.SECRET))
              .directory(Path.of("src/test/go").toFile())
              // Where Go tells of what it downloads the first time.
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .redirectOutput(output.toFile())
              .start();
      try {
        assertThat(process.waitFor(380, TimeUnit.SECONDS)).as("in time").isTrue();
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      assertThat(Files.readAllLines(output))
          .containsExactly(
              "passed v1-path-true",
              "passed v1-path-false",
              "passed v4-path-true",
              "passed v4-path-false");
    }
  }
}
