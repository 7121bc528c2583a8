package io.ossmount.chaos.work;

import io.ossmount.chaos.content.Content;
import io.ossmount.chaos.work.Event.Step;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What writers do with one file, each step told to the ledger. Not thread-safe. */
final class WrittenFile {
  private static final int CHUNK = 64 << 10;

  private final Site site;
  private final Probe probe;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);

  WrittenFile(Site site, Probe probe) {
    this.site = site;
    this.probe = probe;
  }

  /**
   * Writes a file, over what is there.
   *
   * @param path relative to the mount
   * @param withFsync whether it is acknowledged by fsync; else by close
   */
  void write(String path, Content content, long size, boolean withFsync) throws Workload.Stopped {
    probe.change(Step.INTENDED, path, content.seed(), size);
    var channel =
        probe.run(
            Operation.CREATE,
            path,
            () ->
                FileChannel.open(
                    at(path),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE));
    try {
      for (long done = 0; done < size; done += buffer.limit()) {
        buffer.clear().limit((int) Math.min(CHUNK, size - done));
        content.fill(buffer, done);
        var from = done;
        probe.run(
            Operation.WRITE,
            path + " at " + done,
            () -> {
              buffer.flip();
              while (buffer.hasRemaining()) {
                var _ = channel.write(buffer, from + buffer.position());
              }
            });
      }
      if (withFsync) {
        probe.run(Operation.FSYNC, path, () -> channel.force(true));
        probe.change(Step.ACKNOWLEDGED, path, content.seed(), size);
      }
      probe.run(Operation.CLOSE, path, channel::close);
      probe.change(Step.ACKNOWLEDGED, path, content.seed(), size);
      probe.wrote(size);
    } finally {
      Closing.quietly(channel);
    }
  }

  /** Reads a file that has to be so. */
  void verify(String path, Content content, long size) throws Workload.Stopped {
    var channel = probe.run(Operation.OPEN, path, () -> FileChannel.open(at(path)));
    try {
      long done = 0;
      while (true) {
        buffer.clear();
        var count = probe.run(Operation.READ, path + " at " + done, () -> channel.read(buffer));
        if (count < 0) {
          break;
        }
        probe.check(buffer.flip(), content, done, path);
        done += count;
      }
      probe.check(done == size, path + " has " + done + " bytes, not " + size);
    } finally {
      Closing.quietly(channel);
    }
  }

  /** Deletes a file that is there. */
  void delete(String path) throws Workload.Stopped {
    probe.change(Step.INTENDED, path, 0, Event.ABSENT);
    probe.run(Operation.UNLINK, path, () -> Files.delete(at(path)));
    probe.change(Step.ACKNOWLEDGED, path, 0, Event.ABSENT);
  }

  /** Renames a file that is there to a name that is not. */
  void rename(String from, String to, Content content, long size) throws Workload.Stopped {
    probe.change(Step.INTENDED, from, 0, Event.ABSENT);
    probe.change(Step.INTENDED, to, content.seed(), size);
    probe.run(Operation.RENAME, from + " to " + to, () -> Files.move(at(from), at(to)));
    probe.change(Step.ACKNOWLEDGED, to, content.seed(), size);
    probe.change(Step.ACKNOWLEDGED, from, 0, Event.ABSENT);
  }

  /** Makes a directory, if it is not there. */
  void directory(String path) throws Workload.Stopped {
    var _ = probe.run(Operation.MKDIR, path, () -> Files.createDirectories(at(path)));
  }

  Path at(String path) {
    return site.mount().resolve(path);
  }
}
