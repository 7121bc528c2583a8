package io.ossmount.emulator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class PercentProperties {
  private static boolean isText(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  @Property
  void anyTextComesBack(@ForAll String text) {
    if (isText(text)) {
      assertThat(Percent.decode(Percent.encode(text))).isEqualTo(text);
      assertThat(Percent.decode(Percent.encodePath(text))).isEqualTo(text);
      assertThat(Percent.encode(text)).matches("[A-Za-z0-9._~%-]*");
    }
  }

  @Example
  void whatIsNoUtf8IsRefused() {
    for (String wrong : new String[] {"%", "%4", "%zz", "%ff", "%c3", "%ed%a0%80"}) {
      assertThatThrownBy(() -> Percent.decode(wrong)).isInstanceOf(MalformedRequestException.class);
    }
  }
}
