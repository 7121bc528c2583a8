package io.ossmount.operator.dashboard.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AccessTest {
  private final Hands clock = new Hands();
  private final AtomicInteger questions = new AtomicInteger();
  private final Reviews reviews =
      new Reviews() {
        @Override
        public Optional<Viewer> viewer(String token) {
          questions.incrementAndGet();
          return token.startsWith("good-")
              ? Optional.of(viewerOf(token.substring("good-".length())))
              : Optional.empty();
        }

        @Override
        public boolean mayGetMounts(Viewer viewer, @Nullable String namespace) {
          questions.incrementAndGet();
          return viewer.name().equals("admin") || viewer.name().equals(namespace);
        }
      };
  private final Access access = new Access(reviews, clock);

  @Test
  void whoMaySeeAllIsAskedForOnce() {
    assertThat(access.seen(viewerOf("admin"), Set.of("a", "b", "c"))).containsOnly("a", "b", "c");
    assertThat(questions).hasValue(1);
  }

  @Test
  void othersSeeTheirNamespacesOnly() {
    assertThat(access.seen(viewerOf("b"), Set.of("a", "b", "c"))).containsOnly("b");
    assertThat(access.sees(viewerOf("b"), "b")).isTrue();
    assertThat(access.sees(viewerOf("b"), "a")).isFalse();
    assertThat(access.seen(viewerOf("nobody"), Set.of("a"))).isEmpty();
  }

  @Test
  void answersAreBelievedForAMinute() {
    access.sees(viewerOf("b"), "b");
    access.sees(viewerOf("b"), "b");
    assertThat(questions).hasValue(2);
    clock.pass(Duration.ofSeconds(61));
    access.sees(viewerOf("b"), "b");
    assertThat(questions).hasValue(4);
  }

  @Test
  void aTokenIsLookedUpAgainAfterAMinuteAndAWrongOneAfterTenSeconds() {
    assertThat(access.viewer("good-anna")).contains(viewerOf("anna"));
    access.viewer("good-anna");
    assertThat(access.viewer("bad")).isEmpty();
    access.viewer("bad");
    assertThat(questions).hasValue(2);
    clock.pass(Duration.ofSeconds(11));
    access.viewer("good-anna");
    access.viewer("bad");
    assertThat(questions).hasValue(3);
  }

  @Test
  void whatCannotBeATokenIsNotSentToKubernetes() {
    assertThat(access.viewer(" ")).isEmpty();
    assertThat(access.viewer("x".repeat(20_000))).isEmpty();
    assertThat(questions).hasValue(0);
  }

  @Test
  void aSessionEndsByTimeByDisuseAndByItself() {
    var sessions = new Sessions(clock);
    var idle = sessions.begin("token");
    var used = sessions.begin("token");
    assertThat(idle.id()).isNotEqualTo(used.id());
    assertThat(idle.toString()).doesNotContain("token", idle.id());

    for (int i = 0; i < 15; i++) {
      clock.pass(Duration.ofMinutes(30));
      assertThat(sessions.find(used.id())).contains(used);
    }
    assertThat(sessions.find(idle.id())).isEmpty();
    clock.pass(Duration.ofMinutes(31));
    assertThat(sessions.find(used.id())).isEmpty();

    var ended = sessions.begin("token");
    sessions.end(ended.id());
    assertThat(sessions.find(ended.id())).isEmpty();
  }

  @Test
  void thereAreNotMoreThanAThousandSessions() {
    var sessions = new Sessions(clock);
    var first = sessions.begin("token");
    for (int i = 0; i < 1_000; i++) {
      sessions.begin("token");
    }
    assertThat(sessions.find(first.id())).isEmpty();
  }

  @Test
  void wrongTokensOfAnAddressAreLimitedForAMinute() {
    var limit = new FailureLimit(clock);
    for (int i = 0; i < FailureLimit.PER_ADDRESS; i++) {
      assertThat(limit.isReached("10.0.0.1")).isFalse();
      limit.failed("10.0.0.1");
    }
    assertThat(limit.isReached("10.0.0.1")).isTrue();
    assertThat(limit.isReached("10.0.0.2")).isFalse();
    clock.pass(Duration.ofSeconds(61));
    assertThat(limit.isReached("10.0.0.1")).isFalse();
  }

  @Test
  void wrongTokensOfAllAddressesTogetherAreLimited() {
    var limit = new FailureLimit(clock);
    for (int i = 0; i < FailureLimit.PER_ALL; i++) {
      limit.failed("10.0.1." + i);
    }
    assertThat(limit.isReached("10.9.9.9")).isTrue();
  }

  private static Viewer viewerOf(String name) {
    return new Viewer(name, "uid", List.of("system:authenticated"), Map.of());
  }

  private static final class Hands extends Clock {
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
