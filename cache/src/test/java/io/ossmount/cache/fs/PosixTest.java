package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PosixTest {
  @Test
  void whatOssfsWritesIsRead() {
    Posix posix =
        Posix.of(
            Map.of("mode", "33188", "uid", "1000", "gid", "4294967295", "mtime", "1700000000"));
    assertThat(posix.mode()).hasValue(0100644);
    assertThat(posix.uid()).hasValue(1000);
    assertThat(posix.gid()).hasValue(-1);
    assertThat(posix.modified()).contains(Instant.ofEpochSecond(1_700_000_000));
  }

  @Test
  void octalAndHexadecimalNumbersAreRead() {
    assertThat(Posix.of(Map.of("mode", "0100755")).mode()).hasValue(0100755);
    assertThat(Posix.of(Map.of("mode", "0x81a4")).mode()).hasValue(0100644);
  }

  @Test
  void fractionsOfSecondsAreReadAndWritten() {
    Posix posix = Posix.of(Map.of("mtime", "12.5", "atime", "13.000000007"));
    assertThat(posix.modified()).contains(Instant.ofEpochSecond(12, 500_000_000));
    assertThat(posix.toUser()).isEqualTo(Map.of("mtime", "12.500000000", "atime", "13.000000007"));
  }

  @Test
  void whatCannotBeReadIsNotSaid() {
    Posix posix = Posix.of(Map.of("mode", "rwx", "uid", "-", "mtime", "1.x", "gid", "99999999999"));
    assertThat(posix).isEqualTo(Posix.NOTHING);
  }

  @Test
  void otherMetadataIsKept() {
    Map<String, String> user = Map.of("owner-team", "vision", "mode", "33188");
    assertThat(Posix.of(user).withUid(7).toUser())
        .isEqualTo(Map.of("owner-team", "vision", "mode", "33188", "uid", "7"));
  }
}
