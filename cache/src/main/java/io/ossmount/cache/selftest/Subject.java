package io.ossmount.cache.selftest;

import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.StoreProbe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What is tested.
 *
 * @param store the bucket, asked directly
 * @param probe the same bucket
 * @param prefix of the keys of the mount's files: "" or with a slash at its end
 * @param pairs where the same files are mounted, at least once
 * @param options how
 */
public record Subject(
    ObjectStore store, StoreProbe probe, String prefix, List<Pair> pairs, Options options) {
  /** Directory of all that tests make, in the mount and in the bucket. */
  static final String DIRECTORY = "default_tests_files";

  /**
   * How a mount is tested.
   *
   * @param readOnly nothing is written: what would is skipped
   * @param cleanUp nothing is left, not even the files to look at
   * @param run names this run, so that two at a time do not meet
   * @param except names in the mount's root that are not of this bucket, such as nested mounts
   * @param patience how long an upload in the background may take
   * @param lateness how long the mount may show what the bucket had before
   */
  public record Options(
      boolean readOnly,
      boolean cleanUp,
      String run,
      Set<String> except,
      Duration patience,
      Lateness lateness) {
    /** Takes a copy. */
    public Options {
      except = Set.copyOf(except);
    }
  }

  /** Takes a copy. */
  public Subject {
    pairs = List.copyOf(pairs);
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException("there is no mount to test");
    }
  }

  /** Prefix of the keys of all that tests make. */
  String directoryPrefix() {
    return prefix + DIRECTORY + "/";
  }

  /** Where a run keeps what nobody has to look at, seen through a mount. */
  Path scratch(Pair pair) {
    return pair.root().resolve(DIRECTORY).resolve(scratchName());
  }

  /** Prefix of the keys of the same. */
  String scratchPrefix() {
    return directoryPrefix() + scratchName() + "/";
  }

  /** Name of the file that a pair leaves. */
  static String basicFile(Pair pair) {
    return "BasicFile_" + pair.name();
  }

  private String scratchName() {
    return "run-" + options.run();
  }
}
