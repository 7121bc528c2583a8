package io.ossmount.fuse;

/**
 * Who asks: fields of {@code fuse_in_header}, and which try at the request this is.
 *
 * @param uid user id, in the mount's user namespace
 * @param gid group id
 * @param pid process id as the server sees it; 0 when it is in another namespace, or the kernel
 *     itself
 * @param attempt of a request that changes something or hands out a handle; {@link Attempt#FIRST}
 *     for any other
 */
public record Caller(int uid, int gid, int pid, Attempt attempt) {
  /** One whose request is not tried again. */
  public Caller(int uid, int gid, int pid) {
    this(uid, gid, pid, Attempt.FIRST);
  }
}
