package io.ossmount.fuse;

/**
 * What a file system is told of its session before the first request.
 *
 * @param epoch number of this server among those that have served the session, from 1 on: no other
 *     one had it. Node ids and handles made of {@code epoch << 40 | counter} are never used twice;
 *     an id of an earlier epoch that the file system does not know is answered with ESTALE.
 * @param notifier tells the kernel of changes
 * @param backing files that the kernel reads itself, if this process may name them to it
 */
public record SessionState(long epoch, Notifier notifier, BackingFiles backing) {
  /** Bits of a node id below the epoch. */
  public static final int COUNTER_BITS = 40;

  /** The same, with another way to name files to the kernel. */
  public SessionState withBacking(BackingFiles other) {
    return new SessionState(epoch, notifier, other);
  }
}
