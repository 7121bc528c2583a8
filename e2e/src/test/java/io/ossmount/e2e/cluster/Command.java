package io.ossmount.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that runs to its end within a time. */
public final class Command {
  private final List<String> words;
  private final Map<String, String> environment;
  private final Duration timeout;

  /** The words are passed as they are: no shell reads them. */
  public Command(List<String> words, Map<String, String> environment, Duration timeout) {
    this.words = List.copyOf(words);
    this.environment = Map.copyOf(environment);
    this.timeout = timeout;
  }

  /**
   * What a program left: its exit status and what it wrote to its standard output and error
   * together.
   */
  public record Result(int status, String output) {
    /** The output without blanks at its ends, of a program that must have succeeded. */
    public String orFail() {
      if (status != 0) {
        throw new AssertionError("exit status " + status + ": " + output);
      }
      return output.strip();
    }

    /** Whether the program succeeded. */
    public boolean succeeded() {
      return status == 0;
    }
  }

  /** Runs it; a program that does not end in time is killed, which is a failure. */
  public Result run() {
    return run("");
  }

  /**
   * Runs it with {@code input} as its standard input. What it says goes to a file: nobody has to
   * read along, and no end of a pipe is waited for when the program has ended.
   */
  public Result run(String input) {
    try {
      Path output = Files.createTempFile("output", "");
      try {
        return run(input, output);
      } finally {
        Files.delete(output);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted: " + words, interrupted);
    }
  }

  private Result run(String input, Path output) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try (var stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException closedEarly) {
      // The program did not want all of it; its exit status says whether that matters.
    }
    if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("no end after " + timeout.toSeconds() + " s: " + words);
    }
    String said = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
    return new Result(process.exitValue(), said);
  }
}
