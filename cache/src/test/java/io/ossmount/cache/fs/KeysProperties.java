package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class KeysProperties {
  @Provide
  Arbitrary<String> keys() {
    return Arbitraries.of("a", "/", "-", ".", "\uffff", "\ue000", "\ud83d\ude00", "\u00e9", "Z")
        .list()
        .ofMinSize(1)
        .ofMaxSize(6)
        .map(list -> String.join("", list));
  }

  @Property
  void theOrderIsThatOfUtf8(@ForAll("keys") String one, @ForAll("keys") String other) {
    int bytes =
        Arrays.compareUnsigned(
            one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    assertThat(Integer.signum(Keys.ORDER.compare(one, other))).isEqualTo(Integer.signum(bytes));
  }

  @Property
  void aKeyIsItsParentAndItsSegment(@ForAll("keys") String key) {
    String slash = key.endsWith("/") ? "/" : "";
    assertThat(Keys.parent(key) + Keys.segment(key) + slash).isEqualTo(key);
    assertThat(Keys.segment(key)).doesNotContain("/");
    assertThat(Keys.isDirectory(Keys.parent(key))).isTrue();
  }
}
