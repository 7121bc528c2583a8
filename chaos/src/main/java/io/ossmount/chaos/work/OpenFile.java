package io.ossmount.chaos.work;

import io.ossmount.chaos.content.Content;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A descriptor, and the bytes that it has to have. Not thread-safe. */
final class OpenFile {
  /** Of bytes. */
  static final int MOST = 256 << 10;

  private final Probe probe;
  private final FileChannel channel;
  private final String path;
  private final ByteBuffer expected = ByteBuffer.allocateDirect(MOST);
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(MOST);
  private int size;

  /**
   * One of an empty file.
   *
   * @param path that it was opened with
   */
  OpenFile(Probe probe, FileChannel channel, String path) {
    this.probe = probe;
    this.channel = channel;
    this.path = path;
  }

  String path() {
    return path;
  }

  int size() {
    return size;
  }

  /** Its file begins with so many of these bytes. */
  void has(Content content, int length) {
    content.fill(part(0, length), 0);
    size = Math.max(size, length);
  }

  /** Writes bytes of the content, over what is there or at the end. */
  void write(Content content, int at, int length) throws Workload.Stopped {
    var bytes = part(at, length);
    content.fill(bytes.duplicate(), at);
    probe.run(
        Operation.WRITE,
        about(at),
        () -> {
          while (bytes.hasRemaining()) {
            var _ = channel.write(bytes, at + (long) bytes.position());
          }
        });
    size = Math.max(size, at + length);
    probe.wrote(length);
  }

  /** Reads a part, which has to be there. */
  void read(int at, int length) throws Workload.Stopped {
    buffer.clear().limit(length);
    while (buffer.hasRemaining()) {
      var from = at + buffer.position();
      if (readOnce(from) < 0) {
        probe.check(false, about(from) + ": ends, and has " + size + " bytes");
        return;
      }
    }
    probe.check(buffer.flip(), part(at, length), at, path);
  }

  /** Reads all of it, which has to have an end. */
  void readAll() throws Workload.Stopped {
    read(0, size);
    buffer.clear();
    probe.check(readOnce(size) < 0, about(size) + ": does not end");
  }

  void sync() throws Workload.Stopped {
    probe.run(Operation.FSYNC, path, () -> channel.force(true));
  }

  void close() throws Workload.Stopped {
    probe.run(Operation.CLOSE, path, channel::close);
  }

  private int readOnce(int from) throws Workload.Stopped {
    return probe.run(Operation.READ, about(from), () -> channel.read(buffer, from));
  }

  private ByteBuffer part(int at, int length) {
    return expected.slice(at, length);
  }

  private String about(int at) {
    return path + " (open) at " + at;
  }
}
