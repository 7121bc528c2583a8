package io.ossmount.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.operator.observe.CredentialsLookup;
import io.ossmount.operator.observe.MountSecretContent;
import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.scene.Scene;
import io.ossmount.operator.tls.Identity;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MountJsonTest {
  private static final CredentialsLookup MISSING = new CredentialsLookup.SecretMissing("s");

  private static Observed with(Observed observed, @Nullable String mountJson) {
    return new Observed(
        observed.mount(),
        observed.spec(),
        false,
        observed.credentials(),
        mountJson == null ? null : new MountSecretContent(mountJson, "", new Identity("", "")),
        observed.nodes(),
        observed.pods(),
        observed.reports(),
        observed.budgets(),
        observed.crowded(),
        observed.volumes(),
        observed.reset(),
        observed.memory(),
        observed.now());
  }

  @Test
  void whatIsMountedGoesOnWithItsCredentialsWhileTheSecretIsAway() {
    // given
    var before = MountJson.of(new Scene().observed());

    // when
    var after = MountJson.of(with(new Scene().credentials(MISSING).observed(), before));

    // then
    assertThat(after).isEqualTo(before).contains("\"accessKeyId\": \"id\"");
  }

  @Test
  void withoutAnyCredentialsThePodIsToldThatThereAreNone() {
    // given
    var observed = new Scene().credentials(MISSING).observed();

    // then
    assertThat(MountJson.of(observed)).doesNotContain("accessKeyId");
    assertThat(MountJson.of(with(observed, "damaged"))).doesNotContain("accessKeyId");
  }
}
