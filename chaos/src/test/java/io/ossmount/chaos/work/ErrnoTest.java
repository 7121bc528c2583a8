package io.ossmount.chaos.work;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrnoTest {

  @Test
  void theOneThatIsNamedFirstCounts() {
    assertThat(Errno.in("a: Input/output error; b: Transport endpoint is not connected", ""))
        .isEqualTo("EIO");
    assertThat(Errno.in("a: Transport endpoint is not connected; b: Input/output error", ""))
        .isEqualTo("ENOTCONN");
  }

  @Test
  void aWriteThatEndedEarlyIsWhatEndedIt() {
    var lost =
        "f: Wrote only 1024 of 10240 bytes f: Cannot utime: Transport endpoint is not connected";
    assertThat(Errno.in(lost, "")).isEqualTo("ENOTCONN");
    assertThat(Errno.in("f: Wrote only 512 of 10240 bytes", "")).isEqualTo("ENOSPC");
  }

  @Test
  void whatIsNotKnownIsSaidOtherwise() {
    assertThat(Errno.in("out of luck", "IOException")).isEqualTo("IOException");
  }
}
