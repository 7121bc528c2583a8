package io.ossmount.chaos.work;

import io.ossmount.chaos.content.Content;
import io.ossmount.chaos.work.Event.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Appends to a file as a log is written: with O_APPEND, many times through one descriptor, with an
 * fsync every few times; closes it, reads it back, and opens it to append again. Nothing may be
 * lost, and nothing be there twice.
 */
final class AppendWriter implements Workload {
  private static final int OPENINGS = 3;
  private static final int FSYNCS_OF_AN_OPENING = 3;
  private static final int APPENDS_OF_AN_FSYNC = 8;
  private static final int MOST = 8 << 10;

  /** What some begin with. It goes up in parts, of which OSS then copies those that stay. */
  private static final int LARGE = 20 << 20;

  private static final int LARGE_ONE_IN = 32;
  private static final int KEPT_ONE_IN = 128;
  private static final int LATER = 8;

  private final Site site;
  private final String top;
  private final Leftovers leftovers = new Leftovers(KEPT_ONE_IN, LATER);
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(MOST);
  private long round;

  AppendWriter(Site site) {
    this.site = site;
    this.top = "appended-" + site.tag();
  }

  @Override
  public void step(Probe probe) throws Stopped {
    var file = new WrittenFile(site, probe);
    file.top(top);
    // A name is never used again, so that what a failed step leaves is told from what comes later.
    var path = top + "/log-" + round++;
    var content = Content.of(site.data().seed(), path, 0);
    var size = 0L;
    if (site.random().nextInt(LARGE_ONE_IN) == 0) {
      size = LARGE;
      file.create(path, content, size);
    }
    for (int i = 0; i < OPENINGS; i++) {
      size = appendOn(probe, path, content, size);
      file.verify(path, content, size);
    }
    var old = leftovers.add(path);
    if (old.isPresent()) {
      file.delete(old.get());
    }
  }

  /** Through one descriptor; returns the size then. */
  private long appendOn(Probe probe, String path, Content content, long before) throws Stopped {
    var size = before;
    var channel = open(probe, path, content, size);
    try {
      for (int i = 1; i <= FSYNCS_OF_AN_OPENING; i++) {
        size = appendSome(probe, channel, path, content, size);
        probe.run(Operation.FSYNC, path, () -> channel.force(true));
        probe.change(Step.ACKNOWLEDGED, path, content.seed(), size);
      }
      size = appendSome(probe, channel, path, content, size);
      probe.run(Operation.CLOSE, path, channel::close);
      probe.change(Step.ACKNOWLEDGED, path, content.seed(), size);
      probe.wrote(size - before);
      return size;
    } finally {
      Closing.quietly(channel);
    }
  }

  private FileChannel open(Probe probe, String path, Content content, long size) throws Stopped {
    var at = site.mount().resolve(path);
    // A new one may be there from now on.
    probe.change(Step.INTENDED, path, content.seed(), size);
    return size == 0
        ? probe.run(Operation.CREATE, path, () -> open(at, StandardOpenOption.CREATE_NEW))
        : probe.run(Operation.OPEN, path, () -> open(at, StandardOpenOption.WRITE));
  }

  private static FileChannel open(Path path, StandardOpenOption how) throws IOException {
    return FileChannel.open(path, Set.of(StandardOpenOption.APPEND, how));
  }

  /** Returns the size then. */
  private long appendSome(
      Probe probe, FileChannel channel, String path, Content content, long before) throws Stopped {
    var lengths =
        IntStream.range(0, APPENDS_OF_AN_FSYNC).map(_ -> site.random().nextInt(1, MOST)).toArray();
    probe.change(Step.INTENDED, path, content.seed(), before + IntStream.of(lengths).sum());
    var size = before;
    for (var length : lengths) {
      buffer.clear().limit(length);
      content.fill(buffer, size);
      buffer.flip();
      probe.run(Operation.APPEND, path + " behind " + size, () -> append(channel));
      size += length;
      Pacing.afterReads();
    }
    return size;
  }

  /** Where the end is, the server knows. */
  private void append(FileChannel channel) throws IOException {
    while (buffer.hasRemaining()) {
      var _ = channel.write(buffer);
    }
  }
}
