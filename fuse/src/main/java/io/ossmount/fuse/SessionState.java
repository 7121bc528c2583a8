package io.ossmount.fuse;

/**
 * What a file system is told of its session before the first request.
 *
 * @param epoch number of this server among those that have served the session, from 1 on: no other
 *     one had it. Node ids and handles made of {@code epoch << 40 | counter} are never used twice;
 *     an id of an earlier epoch that the file system does not know is answered with ESTALE.
 * @param notifier tells the kernel of changes
 */
public record SessionState(long epoch, Notifier notifier) {
  /** Bits of a node id below the epoch. */
  public static final int COUNTER_BITS = 40;
}
