package io.ossmount.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Needs helm, which {@code deploy/local/build} makes. */
class ChartIT {
  private static final Path ROOT = Path.of(System.getProperty("ossmount.root"));
  private static final Path CHARTS = ROOT.resolve("deploy/chart");
  private static final Path CHART = CHARTS.resolve("ossmount");

  @TempDir private Path directory;

  @Test
  void theChartHasTheVersionOfTheProject() throws Exception {
    // given
    var version = System.getProperty("ossmount.version");
    // when
    var lines = Files.readAllLines(CHART.resolve("Chart.yaml"));
    // then
    assertThat(lines).contains("version: " + version, "appVersion: " + version);
  }

  @Test
  void theExamplesHaveTheVersionOfTheProject() throws Exception {
    // given
    var emulator = ROOT.resolve("deploy/examples/emulator.yaml");
    // then
    assertThat(emulator)
        .content()
        .contains("/ossmount-oss-emulator:" + System.getProperty("ossmount.version") + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ossmounts.ossmount.io", "ossmounttests.ossmount.io"})
  void theChartHasTheDefinitionThatTheTypesSay(String name) {
    // given
    var generated = ROOT.resolve("crds/src/main/resources/META-INF/fabric8/" + name + "-v1.yml");
    // when
    var inChart = CHART.resolve("crds/" + name + ".yaml");
    // then
    assertThat(inChart)
        .as("stale: cp %s %s", generated, inChart)
        .hasSameTextualContentAs(generated);
  }

  @Test
  void theSnapshotsAreWhatTheChartRenders() throws Exception {
    // given
    var committed = snapshots(CHARTS.resolve("snapshots"));
    // when
    run(CHARTS.resolve("render").toString(), directory.toString());
    // then
    assertThat(snapshots(directory)).as("stale: run deploy/chart/render").isEqualTo(committed);
  }

  @Test
  void theChartIsLintClean() throws Exception {
    var helm =
        Path.of(
            System.getenv().getOrDefault("OSSMOUNT_CACHE", home() + "/.cache/ossmount"),
            "bin/helm");
    assertThat(run(helm.toString(), "lint", "--strict", CHART.toString()))
        .contains("0 chart(s) failed");
  }

  private static String home() {
    return System.getProperty("user.home");
  }

  /** What was rendered, by file name. */
  private static Map<String, String> snapshots(Path from) throws Exception {
    var snapshots = new TreeMap<String, String>();
    try (var files = Files.newDirectoryStream(from, "*.yaml")) {
      for (var file : files) {
        if (!file.toString().endsWith(".values.yaml")) {
          snapshots.put(file.getFileName().toString(), Files.readString(file));
        }
      }
    }
    return snapshots;
  }

  private static String run(String... command) throws Exception {
    var process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("within a minute").isTrue();
    assertThat(process.exitValue()).as("%s: %s", command[0], said).isZero();
    return said;
  }
}
