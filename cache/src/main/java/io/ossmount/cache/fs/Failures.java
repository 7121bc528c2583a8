package io.ossmount.cache.fs;

import io.ossmount.cache.store.StoreException;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.Outcome;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every failure of a request, now or later, becomes an errno here. */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /** The outcome of a request, or the errno with which it fails. */
  static <T> Outcome<T> answer(Supplier<Outcome<T>> request) {
    try {
      return switch (request.get()) {
        case Outcome.Now<T> now -> now;
        case Outcome.Later<T>(Callable<T> work) -> Outcome.later(() -> done(work));
      };
    } catch (RuntimeException e) {
      throw failure(e);
    }
  }

  private static <T> T done(Callable<T> work) {
    try {
      return work.call();
    } catch (Exception e) {
      throw failure(e);
    }
  }

  private static FuseException failure(Exception e) {
    if (e instanceof FuseException answer) {
      return answer;
    }
    Errno errno = Errnos.of(e);
    if (errno == Errno.EIO && !(e instanceof StoreException)) {
      LOG.warn("A request fails with EIO", e);
    } else if (errno == Errno.EIO) {
      LOG.warn("A request fails with EIO: {}", e.getMessage());
    } else {
      LOG.debug("A request fails with {}: {}", errno, e.getMessage());
    }
    return new FuseException(errno, String.valueOf(e.getMessage()));
  }
}
