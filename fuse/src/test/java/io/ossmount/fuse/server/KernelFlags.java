package io.ossmount.fuse.server;

/** INIT flags that tests mask, so that the kernel is as one that does not have them. */
final class KernelFlags {
  /** {@code FUSE_HAS_RESEND}: bit 7 of the second word of flags. */
  static final long HAS_RESEND = 1L << (7 + Integer.SIZE);

  private KernelFlags() {}
}
