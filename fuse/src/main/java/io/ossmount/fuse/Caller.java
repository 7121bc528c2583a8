package io.ossmount.fuse;

/**
 * Who asks: fields of {@code fuse_in_header}.
 *
 * @param uid user id, in the mount's user namespace
 * @param gid group id
 * @param pid process id as the server sees it; 0 when it is in another namespace, or the kernel
 *     itself
 */
public record Caller(int uid, int gid, int pid) {}
