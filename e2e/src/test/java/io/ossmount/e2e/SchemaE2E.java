package io.ossmount.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.e2e.cluster.Cluster;
import io.ossmount.e2e.cluster.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The API server accepts the valid and refuses the invalid examples of {@code
 * crds/src/test/resources/validation}, in the words that each names in its line {@code # message:}.
 */
final class SchemaE2E {
  private static final String MESSAGE = "# message: ";

  private static Cluster cluster;

  @BeforeAll
  static void theSchemaIsInstalled() {
    cluster = Cluster.get();
    Installation.ensure(cluster);
  }

  static List<Path> valid() throws IOException {
    return examples("valid-");
  }

  static List<Path> invalid() throws IOException {
    return examples("invalid-");
  }

  @ParameterizedTest
  @MethodSource
  void valid(Path example) throws IOException {
    var result = dryRun(Files.readString(example));
    assertThat(result.succeeded()).as(result::output).isTrue();
  }

  @ParameterizedTest
  @MethodSource
  void invalid(Path example) throws IOException {
    String yaml = Files.readString(example);
    var result = dryRun(yaml);
    assertThat(result.succeeded()).isFalse();
    String message =
        yaml.lines().filter(line -> line.startsWith(MESSAGE)).findFirst().orElseThrow();
    assertThat(result.output()).contains(message.substring(MESSAGE.length()).strip());
  }

  private static io.ossmount.e2e.cluster.Command.Result dryRun(String yaml) {
    return cluster.kubectlWithInput(yaml, "apply", "--dry-run=server", "-n", "default", "-f", "-");
  }

  private static List<Path> examples(String prefix) throws IOException {
    Path directory = Cluster.get().root().resolve("crds/src/test/resources/validation");
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .sorted()
          .toList();
    }
  }
}
