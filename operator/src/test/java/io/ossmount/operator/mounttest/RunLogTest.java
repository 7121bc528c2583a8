package io.ossmount.operator.mounttest;

import static io.ossmount.operator.mounttest.TestScene.END;
import static io.ossmount.operator.mounttest.TestScene.plan;
import static io.ossmount.operator.mounttest.TestScene.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.api.v1alpha1.OssMountTestStatus;
import io.ossmount.api.v1alpha1.OssMountTestStatus.Result;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunLogTest {
  @Test
  void rowsAreReadAmongOtherLines() {
    // given
    var log =
        String.join(
            "\n",
            "12:00:00 WARN something else",
            plan(2),
            row("Rights/List", "Passed", ""),
            "{\"level\":\"WARN\",\"message\":\"of the program\"}",
            row("Store/Head", "Failed", "4 \\\"bytes\\\""),
            END);
    // then
    assertThat(RunLog.parse(log))
        .isEqualTo(
            new RunLog(
                2,
                List.of(
                    new OssMountTestStatus.Test("Rights/List", Result.Passed, 7L, null),
                    new OssMountTestStatus.Test("Store/Head", Result.Failed, 7L, "4 \"bytes\"")),
                true,
                false));
  }

  @Test
  void theHalfOfALineIsNotARow() {
    // given
    var row = row("a", "Passed", "");
    for (int length = 0; length < row.length(); length++) {
      // when
      var log = RunLog.parse(plan(1) + "\n" + row.substring(0, length));
      // then
      assertThat(log).isEqualTo(new RunLog(1, List.of(), false, false));
    }
  }

  @Test
  void whatALogClaimsIsBounded() {
    // given
    var log =
        IntStream.range(0, 200)
            .mapToObj(i -> row("row-" + i, "Passed", "x".repeat(1000)))
            .collect(Collectors.joining("\n"));
    // when
    var rows = RunLog.parse(log).rows();
    // then
    assertThat(rows).hasSize(OssMountTestStatus.MAX_TESTS);
    assertThat(rows).allMatch(row -> String.valueOf(row.message()).length() == 512);
  }

  @Test
  void aNameCountsOnceAndAnUnknownResultNotAtAll() {
    assertThat(
            RunLog.parse(
                    String.join(
                        "\n",
                        row("a", "Passed", ""),
                        row("a", "Failed", "again"),
                        row("b", "Perhaps", "")))
                .rows())
        .containsExactly(new OssMountTestStatus.Test("a", Result.Passed, 7L, null));
  }
}
