package io.ossmount.chaos.work;

import io.ossmount.chaos.content.Content;
import io.ossmount.chaos.work.Event.Step;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;

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
   * Makes a file that nobody has made: whoever says that it is there is wrong. Close acknowledges
   * it.
   *
   * @param path relative to the mount
   */
  void create(String path, Content content, long size) throws Workload.Stopped {
    write(path, content, size, false, StandardOpenOption.CREATE_NEW);
  }

  /**
   * Writes a file, over what is there; fsync acknowledges it.
   *
   * @param path relative to the mount
   */
  void replace(String path, Content content, long size) throws Workload.Stopped {
    write(
        path, content, size, true, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
  }

  private void write(
      String path, Content content, long size, boolean withFsync, StandardOpenOption... how)
      throws Workload.Stopped {
    var options = EnumSet.of(StandardOpenOption.WRITE, how);
    probe.change(Step.INTENDED, path, content.seed(), size);
    var channel = probe.run(Operation.CREATE, path, () -> FileChannel.open(at(path), options));
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
    move(from, to, content, size);
  }

  /** Renames a file that is there onto another one, which loses its name. */
  void renameOnto(String from, String to, Content content, long size) throws Workload.Stopped {
    // rename(2) alone: otherwise the JDK refuses a name that is there.
    move(from, to, content, size, StandardCopyOption.ATOMIC_MOVE);
  }

  private void move(String from, String to, Content content, long size, CopyOption... how)
      throws Workload.Stopped {
    probe.change(Step.INTENDED, from, 0, Event.ABSENT);
    probe.change(Step.INTENDED, to, content.seed(), size);
    probe.run(Operation.RENAME, from + " to " + to, () -> Files.move(at(from), at(to), how));
    probe.change(Step.ACKNOWLEDGED, to, content.seed(), size);
    probe.change(Step.ACKNOWLEDGED, from, 0, Event.ABSENT);
  }

  /** Whether it is there. */
  boolean exists(String path) throws Workload.Stopped {
    return probe.run(Operation.STAT, path, () -> Presence.of(at(path)));
  }

  /** Makes a directory that nobody has made, whose marker is an empty object. */
  void directory(String path) throws Workload.Stopped {
    probe.change(Step.INTENDED, marker(path), 0, 0);
    var _ = probe.run(Operation.MKDIR, path, () -> Files.createDirectory(at(path)));
    probe.change(Step.ACKNOWLEDGED, marker(path), 0, 0);
  }

  /** Removes a directory that is there and empty. */
  void removeDirectory(String path) throws Workload.Stopped {
    probe.change(Step.INTENDED, marker(path), 0, Event.ABSENT);
    probe.run(Operation.RMDIR, path, () -> Files.delete(at(path)));
    probe.change(Step.ACKNOWLEDGED, marker(path), 0, Event.ABSENT);
  }

  private static String marker(String path) {
    return path + "/";
  }

  /** Makes the directory that a workload has for itself, if it is not there. */
  void top(String path) throws Workload.Stopped {
    if (!exists(path)) {
      var _ = probe.run(Operation.MKDIR, path, () -> Files.createDirectories(at(path)));
    }
  }

  Path at(String path) {
    return site.mount().resolve(path);
  }
}
