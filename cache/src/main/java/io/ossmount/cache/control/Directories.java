package io.ossmount.cache.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Tells what is in the mount's directories, and how much of it is cached here. Thread-safe. */
@FunctionalInterface
public interface Directories {
  /**
   * A page of a directory, in the order of the keys; waits for OSS.
   *
   * @param path names as the mount shows them with "/" between; "": the root
   * @param pageToken what the page before told; "": the first
   * @param pageSize 1 to 1,000
   * @return empty: there is no such directory
   * @throws IllegalArgumentException the token is none
   * @throws io.ossmount.cache.store.StoreException OSS cannot tell
   */
  Optional<Page> list(String path, String pageToken, int pageSize);

  /**
   * A page.
   *
   * @param nextPageToken "": this is the last
   */
  record Page(List<Entry> entries, String nextPageToken) {
    /** Takes a copy of the list. */
    public Page {
      entries = List.copyOf(entries);
    }
  }

  /**
   * A file or a directory.
   *
   * @param name as the mount shows it
   * @param sizeBytes of a file; of a directory: of the files below it that were counted
   * @param cachedBytes what of these is on this node's disk
   * @param modified of a file
   * @param isPending written here, and not in OSS yet
   */
  record Entry(
      String name,
      boolean isDirectory,
      long sizeBytes,
      long cachedBytes,
      Optional<Instant> modified,
      boolean isPending,
      Counted counted) {}

  /** How far a directory was counted. */
  enum Counted {
    WHOLE,
    AT_LEAST,
    NOT
  }
}
