package io.ossmount.operator.control;

import java.util.List;

/**
 * What went through a cache pod since its process started; all counters but {@code uploads}. As
 * {@code Traffic} of the control service; bytes and nanoseconds.
 *
 * @param hitBytes read by applications that the cache had
 * @param missBytes read by applications that came from OSS
 * @param fetchedBytes of objects that OSS sent
 * @param uploadedBytes of objects that OSS took
 * @param reads of applications
 * @param storeRequests single requests to OSS
 * @param storeNanos until OSS began to answer, of all requests together
 * @param storeLatencies how many requests took at most 1, 2, 4 ... ms, and longer than all
 * @param uploads that run now
 */
public record PodTraffic(
    long hitBytes,
    long missBytes,
    long fetchedBytes,
    long uploadedBytes,
    long reads,
    long storeRequests,
    long storeFailures,
    long storeNanos,
    List<Long> storeLatencies,
    Uploads uploads) {

  /** Takes a copy of the list. */
  public PodTraffic {
    storeLatencies = List.copyOf(storeLatencies);
  }

  /**
   * Uploads that run.
   *
   * @param first some of them, the oldest first
   */
  public record Uploads(int count, long totalBytes, long sentBytes, List<Upload> first) {
    /** There is none. */
    public static final Uploads NONE = new Uploads(0, 0, 0, List.of());

    /** Takes a copy of the list. */
    public Uploads {
      first = List.copyOf(first);
    }
  }

  /** A file that goes up; its path is below the mount's root. */
  public record Upload(String path, long totalBytes, long sentBytes) {}
}
