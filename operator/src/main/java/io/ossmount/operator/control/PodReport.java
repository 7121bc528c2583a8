package io.ossmount.operator.control;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a cache pod last said of itself.
 *
 * @param answered when it last answered; null: never
 * @param failure why the latest question was not answered; null: it was
 * @param configurationHash SHA-256 in hex of the {@code mount.json} in force; "" before the first
 *     answer
 * @param store the pod's latest check of the bucket
 * @param sessions mounts that the pod serves
 * @param cache its cache
 * @param mounts the pod's latest checks of the nested mounts that it has in force, by path
 * @param reset the latest reset of its cache
 * @param pending what it has to upload
 * @param dead sessions of its node that are over and still mounted
 */
public record PodReport(
    @Nullable Instant answered,
    @Nullable String failure,
    String configurationHash,
    Store store,
    int sessions,
    CacheFigures cache,
    Map<String, Store> mounts,
    Reset reset,
    PendingFigures pending,
    DeadSessions dead) {

  /** Of a pod that was never asked. */
  public static final PodReport NONE =
      new PodReport(
          null,
          null,
          "",
          new Store(Store.CHECKING, "", false),
          0,
          new CacheFigures(0, 0, 0, 0),
          Map.of(),
          Reset.NONE,
          PendingFigures.NONE,
          DeadSessions.NONE);

  /** Copies. */
  public PodReport {
    mounts = Map.copyOf(mounts);
  }

  /** Of a pod that has nothing more to tell. */
  public PodReport(
      @Nullable Instant answered,
      @Nullable String failure,
      String configurationHash,
      Store store,
      int sessions,
      CacheFigures cache) {
    this(
        answered,
        failure,
        configurationHash,
        store,
        sessions,
        cache,
        Map.of(),
        Reset.NONE,
        PendingFigures.NONE,
        DeadSessions.NONE);
  }

  /**
   * The latest reset of the pod's cache.
   *
   * @param value that asked for it; "": there was none
   * @param droppedBytes that were dropped at once
   * @param error why it is not done yet; "": nothing is known
   * @param finished it is done
   */
  public record Reset(String value, long droppedBytes, String error, boolean finished) {
    /** Of a cache that was never reset. */
    public static final Reset NONE = new Reset("", 0, "", false);
  }

  /**
   * The pod's check of the bucket.
   *
   * @param reason as StoreCheck.reason of the control service
   * @param directoryEmpty the directory has no object; a warning
   * @param hidesFile a nested mount is where the bucket around it has a file; a warning
   */
  public record Store(String reason, String message, boolean directoryEmpty, boolean hidesFile) {
    /** The reason of a check that found nothing wrong. */
    public static final String REACHABLE = "Reachable";

    /** The reason before the first check has ended. */
    public static final String CHECKING = "Checking";

    /** Of one that hides no file. */
    public Store(String reason, String message, boolean directoryEmpty) {
      this(reason, message, directoryEmpty, false);
    }

    /** The same with another {@code hidesFile}. */
    Store hiding(boolean file) {
      return new Store(reason, message, directoryEmpty, file);
    }

    /** Whether the check found nothing wrong. */
    public boolean isReachable() {
      return reason.equals(REACHABLE);
    }

    /** Whether there is no result yet. */
    public boolean isChecking() {
      return reason.isEmpty() || reason.equals(CHECKING);
    }
  }

  /** Figures of the pod's cache, in bytes; hit and missed since the pod started. */
  public record CacheFigures(long capacity, long used, long hit, long missed) {
    /** The sums. */
    public CacheFigures plus(CacheFigures other) {
      return new CacheFigures(
          capacity + other.capacity, used + other.used, hit + other.hit, missed + other.missed);
    }
  }

  /** The same with a question that was not answered. */
  PodReport failed(String reason) {
    return new PodReport(
        answered, reason, configurationHash, store, sessions, cache, mounts, reset, pending, dead);
  }

  /** Whether the latest question was answered. */
  public boolean isAnswered() {
    return answered != null && failure == null;
  }

  /** Whether the pod answers, and nothing is wrong with any bucket or volume. */
  boolean isFine() {
    return failure == null
        && store.isReachable()
        && dead.isEmpty()
        && mounts.values().stream().allMatch(Store::isReachable);
  }

  /** Whether another report says the same, times apart. */
  boolean says(PodReport other) {
    return failure == null == (other.failure == null)
        && answered == null == (other.answered == null)
        && configurationHash.equals(other.configurationHash)
        && store.equals(other.store)
        && sessions == other.sessions
        && cache.equals(other.cache)
        && mounts.equals(other.mounts)
        && reset.equals(other.reset)
        && pending.equals(other.pending)
        && dead.equals(other.dead);
  }
}
