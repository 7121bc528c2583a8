package io.ossmount.cache.memory;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/**
 * What each part of the process may take of its memory: every bound that grows with the memory is
 * derived here, and nowhere else.
 *
 * <pre>
 * heap, as the JVM has it                              the rest
 *   1/4   names, with their attributes and listings      120 MiB  the JVM itself
 *   1/4   versions of objects on disk                     82 MiB  the supervisor and the spare
 *   1/16  blocks in memory, when the disk takes none     of what is left:
 *   1/16  GETs under way                                 1/4  answers to READs
 *   3/8   open files, requests, garbage                  1/2  memory of the sessions
 *                                                        1/4  network, threads, page cache
 * </pre>
 *
 * <p>Each has a most, which more memory does not raise, and a least, with which the process works,
 * if slowly. What lives long is less than two thirds of the heap, which is what Serial has for it.
 *
 * @param memoryBytes what the process may use in all
 * @param heapBytes most that the JVM takes for objects
 * @param answerBytes answers to READs that are under way
 * @param sessions so many at full load have room; idle ones take a tenth
 * @param gets from the store, for blocks, at a time
 * @param memoryBlocks blocks of a MiB that have no place on the disk
 * @param names of objects that are remembered; listings hold twice as many
 * @param versions of objects on disk that are remembered
 */
public record MemoryPlan(
    long memoryBytes,
    long heapBytes,
    long answerBytes,
    int sessions,
    int gets,
    int memoryBlocks,
    int names,
    int versions) {
  private static final long MIB = 1 << 20;

  /**
   * Classes, compiled code, the collector's tables, stacks, eight carriers' of virtual threads
   * among them: measured, and some more.
   */
  private static final int JVM_MIB = 120;

  /** With less, the parts have less than their least: it may be killed under load. */
  private static final long ENOUGH_BYTES = 448 * MIB;

  /** What is known of a path, its attributes, and two entries of listings; keys of 60 bytes. */
  private static final long NAME_BYTES = 1536;

  private static final long VERSION_BYTES = 160;

  /** A chunk, and what the SDK and the network have of it. */
  private static final long GET_BYTES = 256 << 10;

  /** Rooms for requests; a record of half a KiB comes for each open file or known directory. */
  private static final long SESSION_BYTES = 10 * MIB;

  /**
   * The plan for so much memory and such a heap.
   *
   * @param othersBytes what other processes take of that memory
   */
  public static MemoryPlan of(long memoryBytes, long heapBytes, long othersBytes) {
    long left = Math.max(0, memoryBytes - heapBytes - JVM_MIB * MIB - othersBytes);
    return new MemoryPlan(
        memoryBytes,
        heapBytes,
        Math.clamp(left / 4, 8 * MIB, 64 * MIB),
        Math.clamp(left / 2 / SESSION_BYTES, 1, 1000),
        Math.clamp(heapBytes / 16 / GET_BYTES, 16, 64),
        Math.clamp(heapBytes / 16 / MIB, 4, 32),
        Math.clamp(heapBytes / 4 / NAME_BYTES, 10_000, 1_000_000),
        Math.clamp(heapBytes / 4 / VERSION_BYTES, 100_000, 10_000_000));
  }

  /**
   * The plan for this process: its container's memory, or the machine's, and its JVM's heap.
   *
   * @param othersBytes what other processes of the container take
   */
  public static MemoryPlan ofThisProcess(long othersBytes) {
    // Knows control groups of both versions, and all above the process's own, as the heap does.
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return of(system.getTotalMemorySize(), Runtime.getRuntime().maxMemory(), othersBytes);
  }

  /** What an operator of the process should do about it, if anything. */
  public Optional<String> warning() {
    if (memoryBytes < ENOUGH_BYTES) {
      return Optional.of(
          "%d MiB of memory are too little, the process may be killed under load: raise spec.cache.resources.limits.memory to %dMi or more"
              .formatted(memoryBytes / MIB, ENOUGH_BYTES / MIB));
    }
    if (memoryBytes - heapBytes < JVM_MIB * MIB) {
      return Optional.of(
          "a heap of %d MiB leaves too little of %d MiB for what is not heap: raise spec.cache.resources.limits.memory, or lower -Xmx"
              .formatted(heapBytes / MIB, memoryBytes / MIB));
    }
    return Optional.empty();
  }

  /** For the log: one line. */
  @Override
  public String toString() {
    return "memory %d MiB, heap %d MiB, answers %d MiB, sessions at full load %d, GETs %d, blocks in memory %d, names %d, versions %d"
        .formatted(
            memoryBytes / MIB,
            heapBytes / MIB,
            answerBytes / MIB,
            sessions,
            gets,
            memoryBlocks,
            names,
            versions);
  }
}
