package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.store.StoreException;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ErrnosTest {
  static Stream<Arguments> table() {
    return Stream.of(
        Arguments.of(new StoreException.NotFound(""), Errno.ENOENT),
        Arguments.of(new StoreException.VersionChanged(""), Errno.ESTALE),
        Arguments.of(new StoreException.BucketNotFound(""), Errno.EIO),
        Arguments.of(new StoreException.Unreachable("", new IOException()), Errno.ETIMEDOUT),
        Arguments.of(new StoreException.Unavailable(""), Errno.EIO),
        Arguments.of(new StoreException.Corrupted(""), Errno.EIO),
        Arguments.of(new StoreException.Invalid(""), Errno.EINVAL),
        Arguments.of(new StoreException.Interrupted(""), Errno.EINTR),
        Arguments.of(new FuseException(Errno.ELOOP), Errno.ELOOP),
        Arguments.of(
            new UncheckedIOException(new IOException("No space left on device")), Errno.ENOSPC),
        Arguments.of(new UncheckedIOException(new IOException("Input/output error")), Errno.EIO),
        Arguments.of(new IllegalStateException(), Errno.EIO));
  }

  @ParameterizedTest
  @MethodSource("table")
  void everyFailureHasItsErrno(Throwable failure, Errno errno) {
    assertThat(Errnos.of(failure)).isEqualTo(errno);
  }

  @ParameterizedTest
  @EnumSource(StoreException.Denied.Reason.class)
  void whatOssDeniesIsEacces(StoreException.Denied.Reason reason) {
    assertThat(Errnos.of(new StoreException.Denied(reason, ""))).isEqualTo(Errno.EACCES);
  }

  @Test
  void theTableIsWhole() {
    Stream<Class<?>> tested =
        Stream.concat(
            table().map(arguments -> Objects.requireNonNull(arguments.get()[0]).getClass()),
            Stream.of(StoreException.Denied.class));
    assertThat(tested).contains(StoreException.class.getPermittedSubclasses());
  }
}
