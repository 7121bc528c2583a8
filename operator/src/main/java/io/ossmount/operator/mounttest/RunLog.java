package io.ossmount.operator.mounttest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ossmount.api.v1alpha1.OssMountTestStatus;
import io.ossmount.api.v1alpha1.OssMountTestStatus.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * What the log of a test's pod tells: objects of JSON, one a line, whose first member is
 * ossmountTest, as the cache's {@code selftest.JsonLines} writes them. Other lines, and the half of
 * a line at the end, are passed over.
 *
 * @param total how many rows there will be; 0: not told yet
 * @param rows those that have ended, at most {@link OssMountTestStatus#MAX_TESTS}
 * @param ended whether the run came to its end
 * @param unread the log could not be had, so that the rest says nothing
 */
record RunLog(int total, List<OssMountTestStatus.Test> rows, boolean ended, boolean unread) {
  /** Nothing is told yet. */
  static final RunLog NONE = new RunLog(0, List.of(), false, false);

  /** Kubelet does not answer. */
  static final RunLog UNREAD = new RunLog(0, List.of(), false, true);

  private static final String BEGIN = "{\"ossmountTest\":";
  private static final ObjectMapper JSON = new ObjectMapper();

  RunLog {
    rows = List.copyOf(rows);
  }

  /** Reads a log. */
  static RunLog parse(String log) {
    int total = 0;
    boolean ended = false;
    var rows = new ArrayList<OssMountTestStatus.Test>();
    var names = new HashSet<String>();
    for (var line : log.lines().filter(text -> text.startsWith(BEGIN)).toList()) {
      var node = read(line);
      switch (node.map(json -> json.path("ossmountTest").asText()).orElse("")) {
        case "plan" -> total = node.orElseThrow().path("total").asInt();
        case "row" ->
            node.flatMap(RunLog::row)
                .filter(_ -> rows.size() < OssMountTestStatus.MAX_TESTS)
                .filter(row -> names.add(row.name()))
                .ifPresent(rows::add);
        case "end" -> ended = true;
        default -> {
          // Half a line.
        }
      }
    }
    return new RunLog(total, rows, ended, false);
  }

  private static Optional<JsonNode> read(String line) {
    try {
      return Optional.of(JSON.readTree(line));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<OssMountTestStatus.Test> row(JsonNode json) {
    var name = json.path("name").asText();
    var message = json.path("message").asText();
    return result(json.path("result").asText())
        .filter(_ -> !name.isEmpty())
        .map(result ->
            new OssMountTestStatus.Test(
                name,
                result,
                json.path("millis").asLong(),
                message.isEmpty() ? null : cut(message)));
  }

  private static Optional<Result> result(String word) {
    try {
      return Optional.of(Result.valueOf(word));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String cut(String message) {
    return message.length() <= OssMountTestStatus.Test.MAX_MESSAGE
        ? message
        : message.substring(0, OssMountTestStatus.Test.MAX_MESSAGE);
  }
}
