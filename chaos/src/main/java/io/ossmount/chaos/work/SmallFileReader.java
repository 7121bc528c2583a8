package io.ossmount.chaos.work;

import io.ossmount.chaos.content.Dataset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Opens, reads and closes the small files of a directory, in order or in none. */
final class SmallFileReader implements Workload {
  private static final int MOST = 128 << 10;

  private final Site site;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(MOST);

  SmallFileReader(Site site) {
    this.site = site;
  }

  @Override
  public void step(Probe probe) throws Stopped {
    var all = Dataset.small();
    var first = site.random().nextInt(Dataset.SMALL_DIRECTORIES) * Dataset.SMALL_FILES;
    var inOrder = site.random().nextBoolean();
    for (int i = 0; i < Dataset.SMALL_FILES; i++) {
      var index = inOrder ? i : site.random().nextInt(Dataset.SMALL_FILES);
      read(probe, all.get(first + index));
    }
    Pacing.afterReads();
  }

  private void read(Probe probe, Dataset.File file) throws Stopped {
    var channel = probe.run(Operation.OPEN, file.path(), () -> FileChannel.open(site.at(file)));
    try {
      buffer.clear();
      probe.run(Operation.READ, file.path(), () -> readAll(channel));
      probe.check(
          buffer.flip().remaining() == file.size(),
          file.path() + " has " + buffer.remaining() + " bytes, not " + file.size());
      probe.check(buffer, site.data().of(file), 0, file.path());
      probe.run(Operation.CLOSE, file.path(), channel::close);
    } finally {
      Closing.quietly(channel);
    }
  }

  private void readAll(FileChannel channel) throws IOException {
    while (channel.read(buffer) > 0) {
      // Until the end of the file, or of the buffer.
    }
  }
}
