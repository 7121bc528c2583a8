package io.ossmount.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.bench.Result.Measured;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ReportTest {
  @Test
  void aReportSaysWhatWasMeasuredWhereAndHow() {
    Program peer =
        new Program(
            Side.S3FS, List.of("s3fs", "-o", "use_cache=/c"), Map.of("KEY", "k"), "s3fs V1");
    Row row =
        new Row(
            new Row.Title("P0", "read", "MiB/s", Measure.RATE, Goal.NONE),
            Map.of(Side.S3FS, new Measured(new Sample(List.of(7.0)), Optional.empty())));
    String report =
        new Report(
                new Report.Setting(LocalDate.of(2026, 11, 25), "a machine", 5),
                List.of(peer),
                "Both endpoints are alike.",
                List.of(row),
                "| hot | 1 |\n")
            .markdown();
    assertThat(report)
        .contains(
            "by `make bench` on 2026-11-25.",
            "a machine",
            "s3fs V1; JDK ",
            "aliyun-sdk-oss 3.",
            "median of 5 runs",
            "Both endpoints are alike.",
            "| P0: read | MiB/s | - | - | - | 7.00 (7.00-7.00) |",
            "| hot | 1 |",
            "s3fs -o use_cache=/c");
  }

  @Test
  void noSecretIsWritten() {
    Program peer = new Program(Side.S3FS, List.of("s3fs"), Map.of("KEY", "s3cr3t"), "s3fs V1");
    assertThat(
            new Report(
                    new Report.Setting(LocalDate.of(2026, 11, 25), "a machine", 5),
                    List.of(peer),
                    "",
                    List.of(),
                    "")
                .markdown())
        .doesNotContain("s3cr3t");
  }
}
