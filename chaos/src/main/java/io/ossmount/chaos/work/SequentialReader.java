package io.ossmount.chaos.work;

import com.sun.nio.file.ExtendedOpenOption;
import io.ossmount.chaos.content.Content;
import io.ossmount.chaos.content.Dataset;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;

/** Reads a file from the beginning to the end, as {@code cat} does; then the next. */
final class SequentialReader implements Workload {
  private static final int CHUNK = 128 << 10;

  private final Site site;
  private final List<Dataset.File> files;
  private final Operation reads;
  private final Set<OpenOption> options;

  /** As reads past the kernel's pages want it. */
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(CHUNK + Content.BLOCK).alignedSlice(Content.BLOCK);

  private int next;

  SequentialReader(Site site, List<Dataset.File> files) {
    this(site, files, Operation.READ, Set.of(StandardOpenOption.READ));
  }

  private SequentialReader(
      Site site, List<Dataset.File> files, Operation reads, Set<OpenOption> options) {
    this.site = site;
    this.files = List.copyOf(files);
    this.reads = reads;
    this.options = options;
  }

  /**
   * Brings a file wholly into the cache before it is opened: then it is read in passthrough. That
   * is a part of the opening. The kernel may have pages of what the cache has not any more, and
   * lose them later: so it is read past these.
   */
  static SequentialReader warming(Site site, Dataset.File file) {
    Set<OpenOption> direct = Set.of(StandardOpenOption.READ, ExtendedOpenOption.DIRECT);
    return new SequentialReader(site, List.of(file), Operation.OPEN, direct);
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
    var channel = probe.run(Operation.OPEN, path, () -> FileChannel.open(path, options));
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
      buffer.clear().limit(CHUNK);
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
