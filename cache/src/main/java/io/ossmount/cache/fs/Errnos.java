package io.ossmount.cache.fs;

import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.write.StagingFullException;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import java.io.UncheckedIOException;

/** Which errno an application sees for what went wrong: the one table. */
final class Errnos {
  private Errnos() {}

  static Errno of(Throwable failure) {
    return switch (failure) {
      case FuseException answer -> answer.errno();
      case StoreException store -> of(store);
      case StagingFullException _ -> Errno.ENOSPC;
      case UncheckedIOException io -> isDiskFull(io) ? Errno.ENOSPC : Errno.EIO;
      default -> Errno.EIO;
    };
  }

  /** The cache disk fails: only a full one is told apart. */
  private static boolean isDiskFull(UncheckedIOException failure) {
    return String.valueOf(failure.getCause()).contains("No space left");
  }

  private static Errno of(StoreException failure) {
    return switch (failure) {
      case StoreException.NotFound _ -> Errno.ENOENT;
      case StoreException.VersionChanged _ -> Errno.ESTALE;
      case StoreException.Denied _ -> Errno.EACCES;
      // Not ENOENT: a program would take it that only this file is missing, and make it anew.
      case StoreException.BucketNotFound _ -> Errno.EIO;
      case StoreException.Unreachable _ -> Errno.ETIMEDOUT;
      case StoreException.Unavailable _ -> Errno.EIO;
      case StoreException.Corrupted _ -> Errno.EIO;
      case StoreException.Invalid _ -> Errno.EINVAL;
      case StoreException.Interrupted _ -> Errno.EINTR;
    };
  }
}
