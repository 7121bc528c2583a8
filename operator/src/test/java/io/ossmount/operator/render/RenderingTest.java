package io.ossmount.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.ossmount.api.v1alpha1.NestedMount;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.OssMountSpec;
import io.ossmount.operator.observe.Credentials;
import io.ossmount.operator.observe.CredentialsLookup;
import io.ossmount.operator.observe.Memory;
import io.ossmount.operator.observe.MountIdentity;
import io.ossmount.operator.observe.MountSecretContent;
import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.observe.ObservedNestedMount;
import io.ossmount.operator.observe.ObservedPod;
import io.ossmount.operator.observe.ObservedReset;
import io.ossmount.operator.plan.Plan.Creation;
import io.ossmount.operator.scene.GoldenFiles;
import io.ossmount.operator.tls.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each directory of {@code RenderingTest} is a case: {@code in-ossmount.yaml}, and what is rendered
 * of it. To write what is rendered now: {@code ./mvnw -q -pl operator -am test -Dtest=RenderingTest
 * -Dossmount.regenerate=true}, and read the difference.
 */
class RenderingTest {
  private static final Path CASES = Path.of("src/test/resources/RenderingTest");
  private static final String IN = "in-ossmount.yaml";
  private static final CachePodSettings SETTINGS =
      new CachePodSettings(
          "registry.example/ossmount-cache:0.1.0",
          "IfNotPresent",
          List.of("of-the-chart"),
          "system-node-critical",
          "ossmount.io",
          "INFO",
          "0.1.0");

  static List<Path> cases() throws IOException {
    return GoldenFiles.cases(CASES);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatIsRenderedIsWhatWasAgreed(Path directory) throws IOException {
    // given
    var mount = Serialization.unmarshal(Files.readString(directory.resolve(IN)), OssMount.class);

    // when
    var rendered = render(mount);

    // then
    assertThat(GoldenFiles.of(directory, Set.of(IN), rendered))
        .containsExactlyInAnyOrderEntriesOf(rendered);
  }

  @Test
  void whatIsRenderedTwiceIsTheSame() throws IOException {
    for (var directory : cases()) {
      var yaml = Files.readString(directory.resolve(IN));
      assertThat(render(Serialization.unmarshal(yaml, OssMount.class)))
          .isEqualTo(render(Serialization.unmarshal(yaml, OssMount.class)));
    }
  }

  private static Map<String, String> render(OssMount mount) {
    var observed = observed(mount);
    var json = MountJson.of(observed);
    var secret =
        MountSecret.of(
            observed.mount(),
            new MountSecretContent(json, "authority\n", new Identity("certificate\n", "key\n")));
    var pod =
        CachePod.of(
            observed.mount(),
            observed.spec(),
            new Creation("gpu-1", mount.getMetadata().getName() + "-x7k2p"),
            "c0ffee",
            SETTINGS);
    var budget = DisruptionBudget.of(observed.mount(), ObservedPod.of(withUid(pod)).orElseThrow());
    return Map.of(
        "out-budget.yaml", Serialization.asYaml(budget),
        "out-mount.json", json + "\n",
        "out-secret.yaml", Serialization.asYaml(secret),
        "out-pod.yaml", Serialization.asYaml(pod));
  }

  private static Pod withUid(Pod pod) {
    return new PodBuilder(pod)
        .editMetadata()
        .withUid("9b1c1f0e-0000-4000-8000-000000000002")
        .endMetadata()
        .build();
  }

  private static Observed observed(OssMount mount) {
    return new Observed(
        MountIdentity.of(mount),
        mount.getSpec(),
        false,
        new CredentialsLookup.Found(new Credentials("AKID", "AKSECRET", "")),
        mount.getSpec().mounts().stream().map(given -> nested(given, mount.getSpec())).toList(),
        null,
        List.of(),
        List.of(),
        Map.of(),
        List.of(),
        Set.of(),
        List.of(),
        Map.of(),
        ObservedReset.of(mount),
        Set.of(),
        Memory.NONE,
        Instant.EPOCH);
  }

  private static ObservedNestedMount nested(NestedMount given, OssMountSpec spec) {
    var secret = given.secretRef();
    return new ObservedNestedMount(
        given.within(spec),
        secret == null
            ? new CredentialsLookup.Found(new Credentials("AKID", "AKSECRET", ""))
            : new CredentialsLookup.Found(
                new Credentials("AKID-" + secret.name(), "AKSECRET-" + secret.name(), "TOKEN")),
        secret != null);
  }
}
