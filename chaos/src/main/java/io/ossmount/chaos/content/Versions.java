package io.ossmount.chaos.content;

import io.ossmount.chaos.content.Dataset.File;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * The versions of the one file that is replaced in the bucket meanwhile; the first of them is there
 * from the start. Follow from the seed alone. Immutable.
 *
 * @param run seed of the run
 */
public record Versions(long run) {
  /** The file, as it is at first. */
  public static final File FIRST = new File("replaced.bin", size(0));

  private static final long LEAST_BYTES = 8L << 20;
  private static final long STEP_BYTES = 300_001;
  private static final int SIZES = 5;

  /** So many are told apart: a run of a day has fewer. */
  private static final long MOST = 50_000;

  /** The bytes of one. */
  public Content content(long version) {
    return Content.of(run, FIRST.path(), version);
  }

  /** The bytes of one, how many. */
  public static long size(long version) {
    return LEAST_BYTES + version % SIZES * STEP_BYTES;
  }

  /** The one whose content has this seed; empty: none. */
  public OptionalLong withSeed(long seed) {
    return LongStream.range(0, MOST).filter(version -> content(version).seed() == seed).findFirst();
  }
}
