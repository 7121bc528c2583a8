package io.ossmount.chaos;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The server runs from this module's class path: what its image has not would slow it down. */
final class ServerClassPathTest {
  @Test
  void no_security_provider_is_there_that_the_image_has_not() {
    assertThatThrownBy(() -> Class.forName("org.bouncycastle.jce.provider.BouncyCastleProvider"))
        .isInstanceOf(ClassNotFoundException.class);
  }
}
