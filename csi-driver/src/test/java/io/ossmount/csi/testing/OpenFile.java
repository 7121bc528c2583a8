package io.ossmount.csi.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A file that a process of its own has open, and reads when it is asked to. */
public final class OpenFile implements AutoCloseable {
  private static final int SECONDS = 30;

  private final Process process;

  /** Opens it; it is open when this returns. */
  public OpenFile(String path) throws IOException {
    process =
        new ProcessBuilder("sh", "-c", "exec 3< \"$0\"; echo open; read line; exec cat <&3", path)
            .redirectErrorStream(true)
            .start();
    var first = new String(process.getInputStream().readNBytes("open\n".length()), UTF_8);
    if (!first.equals("open\n")) {
      throw new IOException(first);
    }
  }

  /** Reads it to its end, bounded in time; without the last line break. */
  public String rest() throws IOException, InterruptedException {
    try (var input = process.getOutputStream()) {
      input.write('\n');
    }
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("the reader hangs");
    }
    return new String(process.getInputStream().readAllBytes(), UTF_8).strip();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
