package io.ossmount.cache.block;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a directory for one process; the kernel gives it back when that ends, however it ends. Who
 * waits for it is known to who has it. Thread-safe.
 */
final class DirectoryLock implements AutoCloseable {
  /**
   * More than terminationGracePeriodSeconds of cache pods, which is 60: the pod that follows one
   * that ends is started at once, and the one before may have to upload what was written.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(75);

  /** The byte of the file that is locked by who has the directory. */
  private static final long HELD = 0;

  /** That of who waits for it. */
  private static final long AWAITED = 1;

  private static final Duration INTERVAL = Duration.ofMillis(50);
  private static final Duration SAID_EVERY = Duration.ofSeconds(10);
  private static final Logger log = LoggerFactory.getLogger(DirectoryLock.class);

  private final FileChannel file;

  private DirectoryLock(FileChannel file) {
    this.file = file;
  }

  /**
   * Waits for a process that is about to end, and says so in the log.
   *
   * @throws IOException another process goes on using the directory, or this thread was interrupted
   */
  static DirectoryLock acquire(Path directory) throws IOException {
    return acquire(directory, PATIENCE);
  }

  /** The same with a patience of its own. */
  static DirectoryLock acquire(Path directory, Duration patience) throws IOException {
    FileChannel file =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      await(file, directory, patience);
      return new DirectoryLock(file);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private static void await(FileChannel file, Path directory, Duration patience)
      throws IOException {
    long start = System.nanoTime();
    long saidAfter = 0;
    FileLock awaited = null;
    while (tryLock(file, HELD) == null) {
      if (awaited == null) {
        awaited = tryLock(file, AWAITED);
      }
      long waited = System.nanoTime() - start;
      if (waited > patience.toNanos()) {
        throw new IOException(
            "another process has used %s for the %d s that this one has waited"
                .formatted(directory, patience.toSeconds()));
      }
      if (waited >= saidAfter) {
        log.info("waiting for the process before this one to leave {}", directory);
        saidAfter += SAID_EVERY.toNanos();
      }
      pause();
    }
    if (awaited != null) {
      awaited.release();
    }
  }

  /** Whether another process waits for it; false also when that cannot be found out. */
  boolean isAwaited() {
    try {
      FileLock nobodys = tryLock(file, AWAITED);
      if (nobodys != null) {
        nobodys.release();
      }
      return nobodys == null;
    } catch (IOException e) {
      log.debug("not known who waits: {}", e.toString());
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static @Nullable FileLock tryLock(FileChannel file, long at) throws IOException {
    try {
      return file.tryLock(at, 1, false);
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(INTERVAL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while another process used the directory");
    }
  }
}
