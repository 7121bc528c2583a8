package io.ossmount.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.operator.observe.Credentials;
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
        observed.mounts(),
        mountJson == null ? null : new MountSecretContent(mountJson, "", new Identity("", "")),
        observed.nodes(),
        observed.pods(),
        observed.reports(),
        observed.budgets(),
        observed.crowded(),
        observed.volumes(),
        observed.aborted(),
        observed.reset(),
        observed.forgetting(),
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

  @Test
  void aNestedMountGoesOnWithItsCredentialsAsLongAsItIsOfTheSameBucket() {
    // given
    var found = new CredentialsLookup.Found(new Credentials("id-of-labels", "secret", ""));
    var labels = "[{path: labels, bucket: my-labels, secretRef: {name: s}}]";
    var before = MountJson.of(new Scene().mounts(labels).credentialsOf("labels", found).observed());
    var away = new Scene().mounts(labels).credentialsOf("labels", MISSING);
    var elsewhere =
        new Scene().mounts(labels.replace("my-labels", "others")).credentialsOf("labels", MISSING);

    // then
    assertThat(MountJson.of(with(away.observed(), before)))
        .isEqualTo(before)
        .contains("\"accessKeyId\": \"id-of-labels\"");
    assertThat(MountJson.of(with(elsewhere.observed(), before)))
        .doesNotContain("id-of-labels")
        .contains("\"accessKeyId\": \"id\"");
  }

  @Test
  void whatIsMountedStaysWhereItIsWhenTheClustersDefaultGoesAway() {
    // given
    var mounts = "[{path: labels, bucket: my-labels}]";
    var before = MountJson.of(new Scene().mounts(mounts).observed());

    // when
    var after = MountJson.of(with(new Scene().withoutEndpoint().mounts(mounts).observed(), before));

    // then
    assertThat(after).isEqualTo(before);
  }
}
