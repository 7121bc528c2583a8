package io.ossmount.chaos.work;

import io.ossmount.chaos.content.Dataset;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;

/** Reads a file from the beginning to the end, as {@code cat} does; then the next. */
final class SequentialReader implements Workload {
  private static final int CHUNK = 128 << 10;

  private final Site site;
  private final List<Dataset.File> files;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
  private final Operation reads;
  private int next;

  SequentialReader(Site site, List<Dataset.File> files) {
    this(site, files, Operation.READ);
  }

  private SequentialReader(Site site, List<Dataset.File> files, Operation reads) {
    this.site = site;
    this.files = List.copyOf(files);
    this.reads = reads;
  }

  /**
   * Brings a file wholly into the cache before it is opened: then it is read in passthrough. That
   * is a part of the opening.
   */
  static SequentialReader warming(Site site, Dataset.File file) {
    return new SequentialReader(site, List.of(file), Operation.OPEN);
  }

  /**
   * Reads its first file once more, by who has just opened it. One that was opened while its server
   * was killed may not be in passthrough, and the kernel may have dropped its pages: then it has
   * all of them again.
   */
  void again(Probe probe, FileChannel channel) throws Stopped {
    read(probe, channel, files.getFirst());
  }

  @Override
  public void step(Probe probe) throws Stopped {
    var file = files.get(next++ % files.size());
    var path = site.at(file);
    var channel = probe.run(Operation.OPEN, path, () -> FileChannel.open(path));
    try {
      read(probe, channel, file);
    } finally {
      Closing.quietly(channel);
    }
  }

  private void read(Probe probe, FileChannel channel, Dataset.File file) throws Stopped {
    var content = site.data().of(file);
    long at = 0;
    while (true) {
      buffer.clear();
      var count = probe.run(reads, file.path() + " at " + at, () -> channel.read(buffer));
      if (count < 0) {
        break;
      }
      probe.check(buffer.flip(), content, at, file.path());
      at += count;
    }
    probe.check(at == file.size(), file.path() + " ended after " + at + " bytes");
  }
}
