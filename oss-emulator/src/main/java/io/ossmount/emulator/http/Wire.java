package io.ossmount.emulator.http;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** A connected socket, plain or TLS. One thread reads and writes; any may close. */
abstract class Wire implements BodySink, AutoCloseable {
  /** When a byte last moved, by {@link System#nanoTime}. */
  private volatile long lastMoved = System.nanoTime();

  final void moved() {
    lastMoved = System.nanoTime();
  }

  final long idleNanos() {
    return System.nanoTime() - lastMoved;
  }

  /** Some bytes; -1 at the end of the stream. */
  abstract int read(byte[] into, int offset, int length) throws IOException;

  @Override
  public abstract void write(byte[] bytes, int offset, int length) throws IOException;

  @Override
  public abstract void transfer(FileChannel file, long position, long count) throws IOException;

  /** Says that nothing more will come, and goes on listening. */
  abstract void endOutput();

  /** Makes the next {@link #close} a TCP reset. */
  abstract void prepareReset();

  @Override
  public abstract void close();
}
