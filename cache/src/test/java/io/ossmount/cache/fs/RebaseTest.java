package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.write.StagedFile;
import io.ossmount.cache.write.WriteIntent;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RebaseTest {
  @Test
  void whatIsBehindAnotherVersionIsAsClosedAndAsPromisedAsBefore() {
    try (Mounted mounted = new Mounted()) {
      ObjectVersion before = mounted.store.with("f", new byte[3]);
      StagedFile old = mounted.tree.staging().create("f", Optional.of(before));
      old.write(3, MemorySegment.ofArray("more".getBytes(StandardCharsets.UTF_8)));
      old.closed();
      assertThat(old.promise()).isTrue();
      ObjectVersion onto = mounted.store.with("f", new byte[5]);

      var intent = new WriteIntent(true, false, Optional.of(onto), WriteIntent.UNKNOWN.metadata());
      StagedFile rebased = Rebase.of(mounted.tree, old, 3, onto, intent);

      assertThat(rebased.isClosed()).isTrue();
      assertThat(rebased.isPromised()).isTrue();
      assertThat(rebased.isNamed()).isTrue();
      assertThat(rebased.isAppendTo(5)).isTrue();
      assertThat(rebased.size()).isEqualTo(9);
      old.discard();
      rebased.discard();
    }
  }
}
