package io.ossmount.cache;

/** INIT flags that tests take away, so that the kernel is as one that does not have them. */
final class KernelFlags {
  /** {@code FUSE_HAS_RESEND}, Linux 6.9: bit 7 of the second word. */
  static final long HAS_RESEND = 1L << (7 + Integer.SIZE);

  private KernelFlags() {}

  /** For the environment of {@code serve}. */
  static String unwanted(long flags) {
    return ServeEnvironment.UNWANTED_FUSE_FLAGS + "=" + flags;
  }
}
