package io.ossmount.fuse.kernel;

/**
 * Who opened the other end of a unix socket: SO_PEERCRED, filled in by the kernel at connect time.
 *
 * @param pid process id as this process sees it; 0 when it is in another namespace
 * @param uid user id
 * @param gid group id
 */
public record PeerCredentials(int pid, int uid, int gid) {}
