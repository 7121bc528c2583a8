package io.ossmount.fuse.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LifetimeTest {
  private final AtomicInteger freed = new AtomicInteger();
  private final Lifetime lifetime = new Lifetime(freed::incrementAndGet);

  @Test
  void what_no_one_uses_is_freed_at_its_end() {
    assertThat(lifetime.end()).isTrue();

    assertThat(freed).hasValue(1);
    assertThat(lifetime.tryUse()).isFalse();
    assertThat(lifetime.end()).isFalse();
    assertThat(freed).hasValue(1);
  }

  @Test
  void what_is_used_is_freed_after_its_last_use() {
    assertThat(lifetime.tryUse()).isTrue();
    lifetime.useAgain();
    lifetime.end();
    assertThat(freed).hasValue(0);

    lifetime.endUse();
    assertThat(freed).hasValue(0);
    lifetime.endUse();

    assertThat(freed).hasValue(1);
  }
}
