package io.ossmount.cache.block;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy.Eviction;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who takes how much of the disk, and who has to leave. Thread-safe.
 *
 * <p>Versions in use are pinned. The others are entries of a Caffeine cache whose maximum is what
 * the pinned ones leave of the capacity: to reserve bytes is to lower that maximum, upon which
 * Caffeine (W-TinyLFU) evicts there and then, and the files are deleted before the bytes are given
 * out. So the sum never exceeds the capacity.
 */
final class Space {
  /** Unit of weights, which are ints: 2^31 pages are 8 TiB. */
  private static final int PAGE = 4096;

  private static final long LOOK_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LOOK_INTERVAL_BYTES = 64L << 20;
  private static final long SUSPENSION_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final int mostVersions;
  private final LongSupplier usableBytes;
  private final Consumer<VersionName> delete;
  private final Cache<VersionName, Kept> closed;
  private final Eviction<VersionName, Kept> eviction;

  @GuardedBy("this")
  private final Set<VersionName> pinned = new HashSet<>();

  @GuardedBy("this")
  private CacheLimits limits;

  @GuardedBy("this")
  private boolean scanned;

  @GuardedBy("this")
  private boolean begunEmpty;

  @GuardedBy("this")
  private long lookedNanos = System.nanoTime() - LOOK_INTERVAL_NANOS;

  @GuardedBy("this")
  private long reservedSinceLook;

  @GuardedBy("this")
  private long suspendedUntilNanos = System.nanoTime();

  @GuardedBy("this")
  private long pinnedBytes;

  @GuardedBy("this")
  private long closedBytes;

  @GuardedBy("this")
  private long capacityBytes;

  @GuardedBy("this")
  private long evictedVersions;

  @GuardedBy("this")
  private long evictedBytes;

  /**
   * A version that is on disk and not in use.
   *
   * @param bytes that it takes on disk
   * @param verified whether all of its blocks were looked at by this process
   */
  record Kept(long bytes, boolean verified) {}

  /**
   * What was known of a version when it came into use.
   *
   * @param certain false: the disk has not been read yet, there may be something
   */
  record Pinned(Optional<Kept> kept, boolean certain) {}

  /**
   * Nothing can be reserved until {@link #scanned()}.
   *
   * @param mostVersions that are remembered; each takes some 150 bytes of memory
   * @param usableBytes free bytes of the file system
   * @param delete deletes the files of a version that has to leave
   */
  Space(
      CacheLimits limits,
      int mostVersions,
      LongSupplier usableBytes,
      Consumer<VersionName> delete) {
    this.limits = limits;
    this.mostVersions = mostVersions;
    this.usableBytes = usableBytes;
    this.delete = delete;
    this.capacityBytes = limits.sizeBytes();
    this.closed =
        Caffeine.newBuilder()
            .maximumWeight(limits.sizeBytes() / PAGE)
            .weigher((VersionName name, Kept kept) -> weight(kept.bytes()))
            .executor(Runnable::run)
            .evictionListener(this::evicted)
            .build();
    this.eviction = closed.policy().eviction().orElseThrow();
  }

  synchronized long capacityBytes() {
    return capacityBytes;
  }

  synchronized long usedBytes() {
    return pinnedBytes + closedBytes;
  }

  /** Versions that had to leave since start. */
  synchronized long evictedVersions() {
    return evictedVersions;
  }

  /** Bytes that these took. */
  synchronized long evictedBytes() {
    return evictedBytes;
  }

  /** Other limits from now on. */
  synchronized void limits(CacheLimits replacement) {
    limits = replacement;
    look();
    resize();
  }

  /** The scan found a version on disk. */
  synchronized void found(VersionName name, Kept kept) {
    if (!pinned.contains(name) && !closed.asMap().containsKey(name)) {
      keep(name, kept);
    }
  }

  /** Nothing of what the scan will find counts; before the first version comes into use. */
  synchronized void beginEmpty() {
    begunEmpty = true;
  }

  /** The scan is over: bytes can be reserved. */
  synchronized void scanned() {
    scanned = true;
  }

  synchronized boolean isScanned() {
    return scanned;
  }

  /** Whether a version that is not in use takes so many bytes of the disk. */
  boolean keeps(VersionName name, long bytes) {
    Kept kept = closed.policy().getIfPresentQuietly(name);
    return kept != null && kept.bytes() >= bytes;
  }

  /** Bytes that a version which is not in use takes; 0: it is not known. */
  long bytesOf(VersionName name) {
    Kept kept = closed.policy().getIfPresentQuietly(name);
    return kept == null ? 0 : kept.bytes();
  }

  /** A version comes into use: it stays until {@link #unpin}. */
  synchronized Pinned pin(VersionName name) {
    pinned.add(name);
    Kept kept = closed.asMap().remove(name);
    if (kept != null) {
      closedBytes -= kept.bytes();
      pinMore(kept.bytes());
    }
    return new Pinned(Optional.ofNullable(kept), scanned || begunEmpty);
  }

  /** Bytes of a version in use turned out to be there. */
  synchronized void pinMore(long bytes) {
    pinnedBytes += bytes;
    resize();
  }

  /** Bytes that were reserved or pinned are free again. */
  void release(long bytes) {
    pinMore(-bytes);
  }

  /** A version is no longer in use; {@code kept} is empty when its files are gone. */
  synchronized void unpin(VersionName name, long bytes, Optional<Kept> kept) {
    pinned.remove(name);
    pinMore(-bytes);
    if (kept.isPresent()) {
      keep(name, kept.get());
    }
  }

  /** Versions that are kept and not in use, as far as the disk has been read. */
  synchronized List<VersionName> closedNames() {
    return List.copyOf(closed.asMap().keySet());
  }

  /**
   * Forgets a version that is not in use, and deletes its files.
   *
   * @return bytes that it took, as far as they were known
   */
  synchronized long forget(VersionName name) {
    Kept kept = closed.asMap().remove(name);
    long bytes = kept == null ? 0 : kept.bytes();
    closedBytes -= bytes;
    delete.accept(name);
    return bytes;
  }

  /**
   * Makes room for bytes of versions in use.
   *
   * @return false when there is none, or the disk does not work: go on without
   */
  synchronized boolean reserve(long bytes) {
    long now = System.nanoTime();
    if (!scanned || now - suspendedUntilNanos < 0) {
      return false;
    }
    reservedSinceLook += bytes;
    if (reservedSinceLook > LOOK_INTERVAL_BYTES || now - lookedNanos >= LOOK_INTERVAL_NANOS) {
      look();
    }
    if (pinnedBytes + bytes > capacityBytes) {
      return false;
    }
    pinMore(bytes);
    return true;
  }

  /** The disk failed: nothing is reserved for a while. */
  synchronized void suspend() {
    suspendedUntilNanos = System.nanoTime() + SUSPENSION_NANOS;
  }

  @GuardedBy("this")
  private void keep(VersionName name, Kept kept) {
    closedBytes += kept.bytes();
    closed.put(name, kept);
  }

  /** Called by Caffeine inside of a call that holds the lock already. */
  private synchronized void evicted(
      @Nullable VersionName name, @Nullable Kept kept, RemovalCause cause) {
    if (name != null && kept != null) {
      closedBytes -= kept.bytes();
      evictedVersions++;
      evictedBytes += kept.bytes();
      delete.accept(name);
    }
  }

  @GuardedBy("this")
  private void look() {
    lookedNanos = System.nanoTime();
    reservedSinceLook = 0;
    long free = usableBytes.getAsLong() - limits.keepFreeBytes();
    capacityBytes = Math.max(0, Math.min(limits.sizeBytes(), usedBytes() + free));
  }

  @GuardedBy("this")
  private void resize() {
    eviction.setMaximum(Math.max(0, capacityBytes - pinnedBytes) / PAGE);
  }

  private synchronized int weight(long bytes) {
    long least = capacityBytes / mostVersions;
    return Math.clamp((Math.max(bytes, least) + PAGE - 1) / PAGE, 1, Integer.MAX_VALUE);
  }
}
