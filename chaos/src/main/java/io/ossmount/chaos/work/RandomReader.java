package io.ossmount.chaos.work;

import io.ossmount.chaos.content.Dataset;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads pieces here and there of one file that it keeps open for long: what was opened before a
 * fault is read after it.
 */
final class RandomReader implements Workload {
  private static final int READS = 64;
  private static final int LEAST = 512;
  private static final int MOST = 64 << 10;

  /** One in so many steps opens the file anew. */
  private static final int STEPS_OF_AN_OPEN = 200;

  private final Site site;
  private final Dataset.File file;

  /** The warm file is to be in the cache whenever it is opened. */
  private final Optional<SequentialReader> warming;

  private final ByteBuffer buffer = ByteBuffer.allocateDirect(MOST);
  private @Nullable FileChannel open;

  RandomReader(Site site, Dataset.File file) {
    this.site = site;
    this.file = file;
    this.warming =
        file.equals(Dataset.WARM)
            ? Optional.of(SequentialReader.warming(site, file))
            : Optional.empty();
  }

  @Override
  public void step(Probe probe) throws Stopped {
    if (site.random().nextInt(STEPS_OF_AN_OPEN) == 0) {
      close();
    }
    try {
      var channel = channel(probe);
      for (int i = 0; i < READS; i++) {
        read(probe, channel);
      }
      Pacing.afterReads();
    } catch (Stopped e) {
      close();
      throw e;
    }
  }

  private void read(Probe probe, FileChannel channel) throws Stopped {
    var length = site.random().nextInt(LEAST, MOST);
    var at = site.random().nextLong(file.size() - length);
    buffer.clear().limit(length);
    // A read may be short, such as when a later page could not be had: the rest then tells why.
    while (buffer.hasRemaining()) {
      var from = at + buffer.position();
      var count =
          probe.run(Operation.READ, file.path() + " at " + from, () -> channel.read(buffer, from));
      if (count <= 0) {
        probe.check(false, file.path() + " ends at " + from);
        return;
      }
    }
    probe.check(buffer.flip(), site.data().of(file), at, file.path());
  }

  private FileChannel channel(Probe probe) throws Stopped {
    var channel = open;
    if (channel == null) {
      if (warming.isPresent()) {
        warming.get().step(probe);
      }
      channel = probe.run(Operation.OPEN, file.path(), () -> FileChannel.open(site.at(file)));
      open = channel;
      if (warming.isPresent()) {
        warming.get().again(probe, channel);
      }
    }
    return channel;
  }

  @Override
  public void close() {
    if (open != null) {
      Closing.quietly(open);
      open = null;
    }
  }
}
