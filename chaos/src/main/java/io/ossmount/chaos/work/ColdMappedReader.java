package io.ossmount.chaos.work;

import io.ossmount.chaos.content.Content;
import io.ossmount.chaos.content.Dataset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Reads a mapped file of which the kernel has no page, and the cache not all: each page is asked of
 * the server, never of the cache's disk.
 */
final class ColdMappedReader implements Workload {
  private static final int PIECES = 64;

  /** Of each of these, only the middle is read: the kernel reads what is around it as well. */
  private static final long STRIDE = 4L << 20;

  private static final long MIDDLE = 3L << 19;
  private static final int BLOCKS = (1 << 20) / Content.BLOCK;

  private final Path path;
  private final MappedReader mapped;

  ColdMappedReader(Site site) {
    this.path = site.at(Dataset.COLD);
    this.mapped = new MappedReader(site, Dataset.COLD, PIECES, ColdMappedReader::place);
  }

  private static long place(SplittableRandom random) {
    return random.nextLong(Dataset.COLD.size() / STRIDE) * STRIDE
        + MIDDLE
        + (long) random.nextInt(BLOCKS) * Content.BLOCK;
  }

  @Override
  public void step(Probe probe) throws Stopped {
    probe.run(Operation.OPEN, path, () -> dropPages(path));
    mapped.step(probe);
  }

  private static void dropPages(Path path) throws IOException {
    var builder =
        new ProcessBuilder("/usr/bin/dd", "if=" + path, "of=/dev/null", "iflag=nocache", "count=0")
            .redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    var process = builder.start();
    try (var output = process.getInputStream()) {
      var said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(said);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
