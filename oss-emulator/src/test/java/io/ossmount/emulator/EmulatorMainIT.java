package io.ossmount.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EmulatorMainIT {
  private static final Pattern READY =
      Pattern.compile(
          "oss-emulator is ready on port (\\d+) \\(admin API on port (\\d+)\\)"
              + " with buckets \\[one1, two1\\]");

  @TempDir Path directory;

  private static Process start(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                EmulatorMain.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  @Test
  void itSaysWhenItIsReadyAndEndsWhenTold() throws IOException, InterruptedException {
    Process process =
        start(
            "--directory",
            directory.toString(),
            "--listen=127.0.0.1",
            "--port=0",
            "--admin-port=0",
            "--bucket=two1",
            "--bucket=one1",
            "--access-key=id:secret",
            "--access-key=reader:secret:read-only:a/");
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      String line = output.readLine();
      Matcher ready = READY.matcher(line);
      assertThat(ready.matches()).as(line).isTrue();
      try (RawHttp http = new RawHttp(Integer.parseInt(ready.group(2)))) {
        http.send("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(http.receiveAll()).contains("\"ok\"");
      }
      process.destroy();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void wrongOptionsAreExplainedWithoutTheSecret() throws IOException, InterruptedException {
    Process process = start("--directory", "x", "--access-key=id:hush:everything");
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      String text = String.join("\n", output.lines().toList());
      assertThat(text).contains("rights are full").doesNotContain("hush");
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(2);
    } finally {
      process.destroyForcibly();
    }
  }
}
