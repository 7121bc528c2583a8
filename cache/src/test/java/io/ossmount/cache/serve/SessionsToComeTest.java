package io.ossmount.cache.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When the sessions of an earlier process are not waited for any more. */
@Timeout(20)
final class SessionsToComeTest {
  private final SessionsToCome toCome = new SessionsToCome(Duration.ofMinutes(10));
  private boolean allCame;

  SessionsToComeTest() {
    toCome.whenAllCame(() -> allCame = true);
  }

  @Test
  void none_comes_when_the_plugin_has_none() throws Exception {
    toCome.told(Optional.of(Set.of()));
    toCome.look(Set.of(), Set.of());

    assertThat(allCame).isTrue();
    toCome.await();
  }

  @Test
  void each_that_the_plugin_names_may_come_until_it_is_served_or_not_named_any_more() {
    toCome.told(Optional.of(Set.of("a", "b", "c")));
    toCome.look(Set.of("a"), Set.of("a"));
    assertThat(allCame).isFalse();
    toCome.look(Set.of("a", "b"), Set.of("a", "b"));
    assertThat(allCame).isFalse();

    toCome.told(Optional.of(Set.of("a", "b")));
    toCome.look(Set.of("a", "b"), Set.of("a", "b"));
    assertThat(allCame).isTrue();
  }

  @Test
  void one_that_is_here_and_not_served_yet_may_come_whatever_the_plugin_names() {
    toCome.told(Optional.of(Set.of("a")));
    toCome.look(Set.of("a", "b"), Set.of("a"));
    assertThat(allCame).isFalse();

    toCome.look(Set.of("a", "b"), Set.of("a", "b"));
    assertThat(allCame).isTrue();
  }

  @Test
  void a_plugin_that_says_nothing_or_does_not_know_says_of_none_that_it_does_not_come() {
    toCome.look(Set.of("a"), Set.of("a"));
    assertThat(allCame).isFalse();

    toCome.told(Optional.of(Set.of("a", "b")));
    toCome.told(Optional.empty());
    toCome.look(Set.of("a", "b"), Set.of("a", "b"));
    assertThat(allCame).isFalse();
  }

  @Test
  void no_one_is_waited_for_longer_than_the_patience() throws Exception {
    SessionsToCome impatient = new SessionsToCome(Duration.ofMillis(1));
    impatient.told(Optional.of(Set.of("a")));
    impatient.await();
    SessionsToCome.NONE.await();

    assertThat(impatient.areAwaited()).isTrue();
    assertThat(SessionsToCome.NONE.areAwaited()).isFalse();
  }
}
