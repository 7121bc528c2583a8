package io.ossmount.operator.control;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a cache pod says of a directory of its mount. */
public sealed interface DirectoryAnswer {
  /**
   * A part of it.
   *
   * @param nextPageToken with which the next part is asked for; "": there is none
   */
  record Page(List<Entry> entries, String nextPageToken) implements DirectoryAnswer {
    /** Takes a copy of the list. */
    public Page {
      entries = List.copyOf(entries);
    }
  }

  /** There is no such directory. */
  record Missing() implements DirectoryAnswer {}

  /** The pod did not say, for this reason. */
  record Failed(String why) implements DirectoryAnswer {}

  /**
   * A file or a directory.
   *
   * @param sizeBytes of a file; of a directory: of the files below it that were counted
   * @param cachedBytes what of these the node of the pod has on disk
   * @param modified null: not told, as of directories
   * @param pending written through the mount, and not in OSS yet
   */
  record Entry(
      String name,
      boolean directory,
      long sizeBytes,
      long cachedBytes,
      @Nullable Instant modified,
      boolean pending,
      Counted counted) {}

  /** How far a directory was counted. */
  enum Counted {
    /** All files below it. */
    WHOLE,
    /** The first of them. */
    AT_LEAST,
    /** Not at all. */
    NOT
  }
}
