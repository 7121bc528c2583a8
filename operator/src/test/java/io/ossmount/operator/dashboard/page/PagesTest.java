package io.ossmount.operator.dashboard.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Quantity;
import io.ossmount.operator.control.DirectoryAnswer;
import io.ossmount.operator.control.DirectoryAnswer.Counted;
import io.ossmount.operator.control.DirectoryAnswer.Entry;
import io.ossmount.operator.dashboard.DashboardScene;
import io.ossmount.operator.dashboard.page.Layout.Visitor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PagesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Visitor VISITOR = new Visitor("anna", "form");

  @Test
  void theListShowsWhatStatusTells() {
    // when
    var html = MountListPage.of(DashboardScene.mounts(), VISITOR).html();

    // then
    assertThat(html)
        .contains("href=\"/mounts/ml/training-data\"", "datasets/imagenet", "2/2", "97 %")
        .contains("412 GiB of 1000 GiB", "SecretKeyMissing", "1 of 3 ready");
  }

  @Test
  void anOssMountThatNobodyHasSeenYetIsShown() {
    var mount = DashboardScene.mount("ml", "fresh", "");
    assertThat(MountListPage.of(List.of(mount), VISITOR).html()).contains("Waiting", "Unknown");
    assertThat(MountPage.of(DashboardScene.detail(mount, NOW), VISITOR).html())
        .contains("The operator has not seen it yet.", "There is no cache pod.");
  }

  @Test
  void theMountsPageHasAllItsParts() {
    var html =
        MountPage.of(DashboardScene.detail(DashboardScene.mounts().getFirst(), NOW), VISITOR)
            .html();
    assertThat(html)
        .contains("BucketReachable", "training-data-x7k2p", "gpu-1", "pvc-1", "ml/training-data")
        .contains("checkpoints/step-2000.pt", "Unhealthy", "Readiness probe failed")
        .contains("<code>cache.size</code>", "oss-credentials")
        .contains("<svg viewBox", "Hit ratio", "<details>");
    // Every section that is refreshed is found again by its id.
    assertThat(html.split("data-live", -1)).hasSizeGreaterThan(5);
  }

  @Test
  void thePlotsSaySinceWhenTheyAreKnownWhileThatIsLessThanAnHour() {
    var past = DashboardScene.detail(DashboardScene.mounts().getFirst(), NOW).past();
    assertThat(Plots.of(past, NOW.minusSeconds(720)).html()).contains("Known since 11:48 UTC");
    assertThat(Plots.of(past, NOW.minusSeconds(3700)).html()).doesNotContain("Known since");
    assertThat(Plots.of(past, null).html()).contains("No cache pod has told its figures");
  }

  @Test
  void whatIsCalledLikeASecretIsLeftOut() throws Exception {
    var tree =
        new ObjectMapper()
            .readTree(
                """
                {"bucket": "b", "secretRef": {"name": "oss"}, "accessKeySecret": "s3cr3t",
                 "mounts": [{"path": "a", "securityToken": "t0k3n", "imagePullSecrets": [{"name": "r"}]}]}
                """);
    assertThat(Settings.of(tree))
        .extracting(setting -> setting.path() + "=" + setting.value())
        .containsExactly(
            "bucket=b",
            "secretRef.name=oss",
            "accessKeySecret=(left out)",
            "mounts[0].path=a",
            "mounts[0].securityToken=(left out)",
            "mounts[0].imagePullSecrets[0].name=r");
  }

  @Test
  void filesShowHowMuchOfThemIsCached() {
    // given
    var page =
        new DirectoryAnswer.Page(
            List.of(
                new Entry("train", true, 1 << 20, 1 << 19, null, false, Counted.WHOLE),
                new Entry("<b>", true, 0, 0, null, false, Counted.NOT),
                new Entry("many", true, 1 << 20, 1 << 20, null, false, Counted.AT_LEAST),
                new Entry("a&b.bin", false, 4096, 4096, NOW, false, Counted.WHOLE),
                new Entry("new", false, 10, 10, null, true, Counted.WHOLE)),
            "next page");

    // when
    var html = FilesPage.of(directory(page), VISITOR).html();

    // then
    assertThat(html)
        .contains("path=data%2Fset%2Ftrain\"", "50 %", "100 %", "2026-03-01 12:00")
        .contains("&lt;b&gt;/", "not counted", "≥ 1 MiB", "of the first 1,000 files")
        .contains("a&amp;b.bin", "not in OSS yet", "page=next%20page", "rel=\"next\"")
        .contains("node=gpu-2");
  }

  @Test
  void filesThatCannotBeToldAreSaidToBeSo() {
    assertThat(FilesPage.of(directory(new DirectoryAnswer.Missing()), VISITOR).html())
        .contains("There is no such directory.");
    assertThat(FilesPage.of(directory(new DirectoryAnswer.Failed("no answer")), VISITOR).html())
        .contains("The cache pod did not tell: no answer");
  }

  private static FilesPage.Directory directory(DirectoryAnswer answer) {
    return new FilesPage.Directory(
        "ml", "training-data", "gpu-1", List.of("gpu-1", "gpu-2"), "data/set", true, answer);
  }

  @Test
  void aPlotHasAxesUnitsGapsAndItsValues() {
    // given
    var figure =
        new Plot.Figure(
            "read",
            "Read",
            "Bytes per second.",
            NOW,
            Duration.ofMinutes(1),
            Plot.Scale.BINARY,
            1024,
            Format::rate,
            List.of(
                new Plot.Line(
                    "from the cache",
                    List.of(
                        OptionalDouble.of(0),
                        OptionalDouble.empty(),
                        OptionalDouble.of(3 << 20),
                        OptionalDouble.of(1 << 20)))));

    // when
    var html = Plot.of(figure).html();

    // then
    assertThat(html)
        .contains(">3 MiB/s<", ">0 B/s<", ">12:00<", "role=\"img\"", "<desc", "at most 3 MiB/s")
        .contains("d=\"M78.00 194.00h0.01M444.67 12.00L628.00 133.33\"");
    assertThat(html.split("<tr ", -1)).hasSize(1 + 1 + 4);
  }

  @Test
  void figuresAreShort() {
    assertThat(Format.bytes(0)).isEqualTo("0 B");
    assertThat(Format.bytes(1023)).isEqualTo("1023 B");
    assertThat(Format.bytes(1536)).isEqualTo("1.5 KiB");
    assertThat(Format.bytes((1L << 20) - 1)).isEqualTo("1 MiB");
    assertThat(Format.bytes(new Quantity("412Gi"))).isEqualTo("412 GiB");
    assertThat(Format.percent(0.999)).isEqualTo("99 %");
    assertThat(Format.percent(1)).isEqualTo("100 %");
    assertThat(Format.millis(2.34)).isEqualTo("2.3 ms");
    assertThat(Format.millis(1500)).isEqualTo("1.5 s");
    assertThat(Format.age(NOW.minusSeconds(7300), NOW)).isEqualTo("2h");
  }
}
