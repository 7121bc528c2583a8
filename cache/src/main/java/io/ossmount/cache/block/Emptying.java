package io.ossmount.cache.block;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * Empties a {@link DiskBlockCache}. What is not in use is deleted at once; what is stays whole as
 * long as it is, and is deleted then. Readers go on meanwhile. For one thread at a time.
 *
 * <p>What is in use and what is kept is looked at in one moment. After that only names count: a
 * version that was kept then may be in use when its turn comes, and is marked.
 */
public final class Emptying {
  /** Versions that are deleted before somebody else has a turn: some milliseconds. */
  private static final int BATCH = 64;

  private final Space space;
  private final Supplier<List<OpenVersions>> buckets;
  private final CompletableFuture<Long> scanned;

  /**
   * Empties a cache.
   *
   * @param buckets versions in use, of each bucket
   */
  Emptying(Space space, Supplier<List<OpenVersions>> buckets, CompletableFuture<Long> scanned) {
    this.space = space;
    this.buckets = buckets;
    this.scanned = scanned;
  }

  /**
   * What came of it.
   *
   * @param bytes that were dropped at once
   * @param inUse names of what is dropped when it is not in use any more; if this process is killed
   *     before that, it stays, until {@link #drop(List)} is told of it
   */
  public record Dropped(long bytes, List<String> inUse) {
    /** Copies. */
    public Dropped {
      inUse = List.copyOf(inUse);
    }
  }

  /**
   * Waits until what was there at start has been read, or deleted.
   *
   * @return bytes that were deleted because they were not wanted
   * @throws IOException the directory cannot be read
   */
  public long awaitStart() throws IOException, InterruptedException {
    try {
      return scanned.get();
    } catch (ExecutionException e) {
      throw new IOException("the cache directory cannot be read", e.getCause());
    }
  }

  /**
   * Drops all.
   *
   * @throws IOException the directory cannot be read
   * @throws InterruptedException some was not dropped
   */
  public Dropped dropAll() throws IOException, InterruptedException {
    long _ = awaitStart();
    Set<VersionName> used = new HashSet<>();
    Set<VersionName> kept = new LinkedHashSet<>();
    for (OpenVersions versions : buckets.get()) {
      kept.addAll(versions.dropUsed(space, used::add));
    }
    return drop(List.copyOf(kept), used);
  }

  /**
   * Drops these, as far as they are there.
   *
   * @param names as {@link Dropped#inUse} has them; others are passed over
   * @throws IOException the directory cannot be read
   * @throws InterruptedException some was not dropped
   */
  public Dropped drop(List<String> names) throws IOException, InterruptedException {
    long _ = awaitStart();
    List<VersionName> parsed =
        names.stream().map(VersionName::parse).flatMap(Optional::stream).toList();
    return drop(parsed, new HashSet<>());
  }

  private Dropped drop(List<VersionName> names, Set<VersionName> used) throws InterruptedException {
    long bytes = 0;
    for (int from = 0; from < names.size(); from += BATCH) {
      if (Thread.interrupted()) {
        throw new InterruptedException("the process ends");
      }
      List<VersionName> batch = names.subList(from, Math.min(names.size(), from + BATCH));
      bytes += OpenVersions.drop(buckets.get(), space, batch, used::add);
    }
    List<String> inUse = new ArrayList<>();
    used.forEach(name -> inUse.add(name.toString()));
    return new Dropped(bytes, inUse);
  }
}
