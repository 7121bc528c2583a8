package io.ossmount.fuse.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Runs programs against a mount: as other processes, which a hung mount cannot hang us with. */
public final class Shell {
  private static final int SECONDS = 60;

  private Shell() {}

  /**
   * What a command printed and how it ended.
   *
   * @param status exit status
   * @param output of both streams
   */
  public record Result(int status, String output) {}

  /** Runs {@code sh -c script} with {@code arguments} as $1, $2 ...; ends it after a minute. */
  public static Result run(String script, Object... arguments) throws IOException {
    Path output = Files.createTempFile("shell", ".log");
    try {
      Process process = start(output, script, arguments);
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("hangs: " + script + "\n" + Files.readString(output));
      }
      return new Result(
          process.exitValue(), new String(Files.readAllBytes(output), StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      Files.delete(output);
    }
  }

  /** Runs it and returns its output, trimmed; any status but 0 is an error. */
  public static String output(String script, Object... arguments) throws IOException {
    Result result = run(script, arguments);
    if (result.status() != 0) {
      throw new IOException(
          "status %d: %s\n%s".formatted(result.status(), script, result.output()));
    }
    return result.output().strip();
  }

  /** Starts it in the background, without output. */
  public static Process start(String script, Object... arguments) throws IOException {
    return start(Path.of("/dev/null"), script, arguments);
  }

  /** Sends a signal: {@code INT}, {@code KILL} ... */
  public static void signal(Process process, String signal) throws IOException {
    output("kill -" + signal + " $1", process.pid());
  }

  /** Starts it in the background, output to a file. */
  public static Process start(Path output, String script, Object... arguments) throws IOException {
    String[] command = new String[arguments.length + 4];
    command[0] = "sh";
    command[1] = "-c";
    command[2] = script;
    command[3] = "sh";
    for (int i = 0; i < arguments.length; i++) {
      command[i + 4] = arguments[i].toString();
    }
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .redirectInput(Path.of("/dev/null").toFile())
        .start();
  }
}
