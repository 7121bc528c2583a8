package io.ossmount.emulator.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.emulator.api.OssException;
import org.junit.jupiter.api.Test;

class CopySourceTest {
  @Test
  void bucketAndKeyAreReadWithAndWithoutASlashBefore() {
    CopySource expected = new CopySource("b", "a/ü");
    assertThat(CopySource.parse("/b/a%2F%C3%BC")).isEqualTo(expected);
    assertThat(CopySource.parse("b/a/%C3%BC")).isEqualTo(expected);
  }

  @Test
  void otherTextIsRefused() {
    for (String wrong : new String[] {"", "/", "/b", "/b/", "b%", "//b/k"}) {
      assertThatThrownBy(() -> CopySource.parse(wrong)).as(wrong).isInstanceOf(OssException.class);
    }
  }
}
