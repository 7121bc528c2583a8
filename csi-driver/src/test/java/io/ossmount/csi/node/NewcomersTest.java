package io.ossmount.csi.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class NewcomersTest {
  private final Newcomers<String> pods = new Newcomers<>();

  @Test
  void the_first_one_is_new_and_so_is_another_one_that_follows_it_without_a_gap() {
    assertThat(pods.isNew("s", Optional.empty())).isFalse();
    assertThat(pods.isNew("s", Optional.of("first"))).isTrue();
    assertThat(pods.isNew("s", Optional.of("first"))).isFalse();
    assertThat(pods.isNew("s", Optional.of("second"))).isTrue();
    assertThat(pods.isNew("s", Optional.of("second"))).isFalse();
  }

  @Test
  void one_that_comes_back_is_new() {
    assertThat(pods.isNew("s", Optional.of("first"))).isTrue();
    assertThat(pods.isNew("s", Optional.empty())).isFalse();
    assertThat(pods.isNew("s", Optional.of("first"))).isTrue();
  }

  @Test
  void what_is_not_needed_any_more_is_forgotten() {
    assertThat(pods.isNew("s", Optional.of("first"))).isTrue();
    assertThat(pods.isNew("t", Optional.of("first"))).isTrue();
    pods.keepOnly(Set.of("t"));
    assertThat(pods.isNew("s", Optional.of("first"))).isTrue();
    assertThat(pods.isNew("t", Optional.of("first"))).isFalse();
  }
}
