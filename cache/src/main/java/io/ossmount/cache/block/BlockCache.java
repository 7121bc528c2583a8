package io.ossmount.cache.block;

import io.ossmount.cache.store.ObjectVersion;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The bytes of object versions, kept on disk within a bound.
 *
 * <p>Thread-safe. A version is kept whole while it is {@link #open(ObjectVersion) open}: what was
 * there is not evicted, and what is fetched is of that version or fails.
 */
public interface BlockCache extends AutoCloseable {
  /** Begins to use a version. Never waits for the network. */
  CachedObject open(ObjectVersion version);

  /**
   * Takes over a file that holds exactly the bytes of {@code version}, because they were just
   * written there: from now on it belongs to the cache, which may move it. Falls back to forgetting
   * it (and deleting the file) when there is no room.
   */
  void adopt(ObjectVersion version, Path file);

  /**
   * Forgets what is kept of a version, as soon as it is no longer open: the object was replaced or
   * deleted.
   */
  void drop(ObjectVersion version);

  /**
   * Whether there is no use in fetching a version ahead: all of it is here, or somebody has it
   * open. Never waits.
   */
  boolean isHereOrInUse(ObjectVersion version);

  /**
   * Bytes of a version that are on disk, or on their way there; at most its size. Does not look at
   * the disk if the version is not in use.
   */
  long cachedBytes(ObjectVersion version);

  /** What is fetched ahead counts against it. */
  AheadBudget ahead();

  /** How full it is. Never waits. */
  CacheUsage usage();

  @Override
  void close();

  /** A version in use. Thread-safe but for close. */
  interface CachedObject extends AutoCloseable {
    /** Which one. */
    ObjectVersion version();

    /**
     * Reads what is there already, without waiting for the network.
     *
     * @return the bytes put into {@code into}, up to the end of the object; -1 when some of them
     *     would have to be fetched
     */
    int readCached(long offset, MemorySegment into);

    /**
     * Reads, and fetches what is not there: once, however many readers wait for it.
     *
     * @return the bytes put into {@code into}: all that was asked for up to the end of the object
     * @throws io.ossmount.cache.store.StoreException what is not there cannot be had
     */
    int read(long offset, MemorySegment into);

    /**
     * The file that has exactly the bytes of the version, for the kernel to read itself; nothing is
     * written to it while the version is open. Bytes that an earlier process left are looked at
     * first, in the background.
     *
     * @return empty: some bytes are not on disk, or not yet known to be right
     */
    Optional<Path> whole();

    /**
     * Fetches all that is not here, without giving it out.
     *
     * @throws io.ossmount.cache.store.StoreException it cannot be had
     */
    void fetchAll();

    /** Ends the use. Idempotent. */
    @Override
    void close();
  }

  /**
   * How full the cache is, and how well it does.
   *
   * @param capacityBytes most that blocks may take now
   * @param usedBytes bytes that they take on disk
   * @param hitBytes bytes that readers got from disk, since start
   * @param missBytes bytes that readers had to wait for
   * @param fetchedBytes bytes that the store sent
   */
  record CacheUsage(
      long capacityBytes, long usedBytes, long hitBytes, long missBytes, long fetchedBytes) {}
}
