package io.ossmount.cache.control;

import io.ossmount.cache.block.BlockCache.CacheUsage;
import java.util.List;

/**
 * What went through the pod since its process started.
 *
 * @param cache hits, misses and fetched bytes
 * @param reads of applications that came here
 * @param store requests to it
 * @param uploads that run
 */
public record PodTraffic(
    CacheUsage cache, long reads, StoreTraffic.Counts store, List<Upload> uploads) {
  /** Takes a copy of the list. */
  public PodTraffic {
    uploads = List.copyOf(uploads);
  }

  /**
   * A file that goes up.
   *
   * @param path below the mount's root
   * @param sentBytes of it that OSS has taken
   */
  public record Upload(String path, long totalBytes, long sentBytes) {}
}
