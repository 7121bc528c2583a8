package io.ossmount.emulator.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.emulator.api.OssException;
import io.ossmount.emulator.store.Position;
import org.junit.jupiter.api.Test;

class TokensTest {
  @Test
  void aTokenCarriesAPosition() {
    for (Position.Kind kind : Position.Kind.values()) {
      Position position = new Position("a/:ü\0😀", kind);
      assertThat(Lists.position(Lists.token(position))).isEqualTo(position);
    }
  }

  @Test
  void otherTextIsRefused() {
    for (String wrong : new String[] {"!", "x", "QUJD", "QTpC"}) {
      assertThatThrownBy(() -> Lists.position(wrong)).isInstanceOf(OssException.class);
    }
  }
}
