package io.ossmount.cache.fs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a process does for its files before it ends, all at once and within a deadline. */
final class LastUploads {
  /** So long what is under way may take; the next process begins what is broken off again. */
  static final Duration HAND_OVER_PATIENCE = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(LastUploads.class);
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final MountTree tree;
  private final Uploads uploads;

  LastUploads(MountTree tree, Uploads uploads) {
    this.tree = tree;
    this.uploads = uploads;
  }

  /** Uploads what is dirty, and saves attributes. */
  void uploadAll() {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    List<Future<?>> works = new ArrayList<>();
    for (FileInode file : tree.claimedFiles()) {
      works.add(threads.submit(() -> uploads.flush(file)));
    }
    works.addAll(saves(threads));
    await(works);
    threads.shutdownNow();
  }

  /** Saves attributes. */
  void saveAll() {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    await(saves(threads));
    threads.shutdownNow();
  }

  private List<Future<?>> saves(ExecutorService threads) {
    List<Future<?>> all = new ArrayList<>();
    for (Inode inode : tree.at("")) {
      all.add(threads.submit(() -> uploads.attributes().save(inode)));
    }
    return all;
  }

  private static void await(List<Future<?>> works) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    for (Future<?> work : works) {
      await(work, end);
    }
  }

  private static void await(Future<?> upload, long end) {
    try {
      upload.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      LOG.error("The last upload of a file failed", e.getCause());
    } catch (TimeoutException e) {
      LOG.error("The last upload of a file took too long");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
