package io.ossmount.chaos;

import com.aliyun.oss.ClientException;
import com.aliyun.oss.OSSException;
import io.ossmount.chaos.content.Versions;
import io.ossmount.chaos.scene.Emulator;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** Somebody else, who replaces an object of the bucket by its next version, again and again. */
final class Replacing implements AutoCloseable {
  private static final long EVERY_MILLIS = 3_000;

  private final Emulator emulator;
  private final Versions versions;
  private final Thread thread;
  private volatile boolean isOver;

  private Replacing(Emulator emulator, Versions versions) {
    this.emulator = emulator;
    this.versions = versions;
    this.thread = Thread.ofPlatform().daemon().name("replacing").unstarted(this::run);
  }

  /** Begins. */
  static Replacing start(Emulator emulator, long seed) {
    var replacing = new Replacing(emulator, new Versions(seed));
    replacing.thread.start();
    return replacing;
  }

  private void run() {
    try {
      for (long version = 1; !isOver; version++) {
        TimeUnit.MILLISECONDS.sleep(EVERY_MILLIS);
        replace(version);
      }
    } catch (InterruptedException _) {
      // It is over.
    }
  }

  private void replace(long version) {
    var bytes = ByteBuffer.allocate((int) Versions.size(version));
    versions.content(version).fill(bytes, 0);
    try {
      emulator.put(Versions.FIRST.path(), bytes.array());
    } catch (ClientException | OSSException | IllegalStateException _) {
      // A fault was in its way, and the next version follows; or the client is closed.
    }
  }

  @Override
  public void close() {
    isOver = true;
    thread.interrupt();
  }
}
