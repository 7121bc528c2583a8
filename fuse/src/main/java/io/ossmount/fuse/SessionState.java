package io.ossmount.fuse;

/**
 * What a file system is told of its session before the first request.
 *
 * @param epoch number of this server among those that have served the session, from 1 on: no other
 *     one had it. Node ids and handles made of {@code epoch << 40 | counter} are never used twice;
 *     an id of an earlier epoch that is not in {@code records} is answered with ESTALE.
 * @param takenOver an earlier server has answered INIT
 * @param notifier tells the kernel of changes
 * @param backing files that the kernel reads itself, if this process may name them to it
 * @param records what the server before left, and what this one leaves to the next
 */
public record SessionState(
    long epoch,
    boolean takenOver,
    Notifier notifier,
    BackingFiles backing,
    SessionRecords records) {
  /** Bits of a node id below the epoch. */
  public static final int COUNTER_BITS = 40;

  /** A session that keeps nothing for another server. */
  public SessionState(long epoch, Notifier notifier, BackingFiles backing) {
    this(epoch, false, notifier, backing, SessionRecords.NONE);
  }

  /** The same, with another way to name files to the kernel. */
  public SessionState withBacking(BackingFiles other) {
    return new SessionState(epoch, takenOver, notifier, other, records);
  }
}
