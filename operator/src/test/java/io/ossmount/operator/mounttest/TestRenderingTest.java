package io.ossmount.operator.mounttest;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.OssMountTest;
import io.ossmount.operator.render.CachePodSettings;
import io.ossmount.operator.scene.GoldenFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each directory of {@code TestRenderingTest} is a case: an OssMount, a test of it, and what is
 * made for that. To write what is rendered now: {@code ./mvnw -q -pl operator -am test
 * -Dtest=TestRenderingTest -Dossmount.regenerate=true}, and read the difference.
 */
class TestRenderingTest {
  private static final Path CASES = Path.of("src/test/resources/TestRenderingTest");
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
    var mount = read(directory.resolve("in-ossmount.yaml"), OssMount.class);
    var test = read(directory.resolve("in-test.yaml"), OssMountTest.class);
    // when
    var rendered = render(mount, test);
    // then
    assertThat(GoldenFiles.of(directory, Set.of("in-ossmount.yaml", "in-test.yaml"), rendered))
        .isEqualTo(rendered);
  }

  private static Map<String, String> render(OssMount mount, OssMountTest test) {
    var identity = TestIdentity.of(test);
    var rendered = new TreeMap<String, String>();
    Modes.ALL.forEach(modes ->
        rendered.put(
            "out-claim-%s.yaml".formatted(modes.suffix()),
            Serialization.asYaml(
                TestClaim.of(identity, test.getSpec().ossMountRef().name(), modes))));
    rendered.put(
        "out-job.yaml",
        Serialization.asYaml(
            TestJob.of(
                identity,
                test.getSpec(),
                new TestStep.Begin(
                    mount.getSpec(),
                    Objects.requireNonNull(mount.getSpec().endpoint()),
                    Duration.ofSeconds(590)),
                SETTINGS)));
    return rendered;
  }

  private static <T> T read(Path file, Class<T> type) throws IOException {
    return Serialization.unmarshal(Files.readString(file), type);
  }
}
