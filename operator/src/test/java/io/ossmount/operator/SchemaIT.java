package io.ossmount.operator;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.ossmount.operator.apiserver.ApiServer;
import io.ossmount.operator.apiserver.Definitions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A real API server takes the CustomResourceDefinitions, which it does not when a rule costs too
 * much, and says of each example of the crds module what the example expects.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(300)
class SchemaIT {
  private static final Path EXAMPLES = Path.of("../crds/src/test/resources/validation");
  private static final Path DEFINITIONS = Path.of("../crds/src/main/resources/META-INF/fabric8");
  private static final Path SHOWN = Path.of("../deploy/examples");
  private static final String MESSAGE = "# message: ";

  private @Nullable ApiServer server;
  private @Nullable KubernetesClient client;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException, InterruptedException {
    var started = new ApiServer(directory);
    server = started;
    var connected = started.client();
    client = connected;
    for (var definition : definitions()) {
      Definitions.create(connected, definition);
    }
  }

  @AfterAll
  void stop() {
    if (client != null) {
      client.close();
    }
    if (server != null) {
      server.close();
    }
  }

  static List<Path> valid() throws IOException {
    return examples("valid-");
  }

  static List<Path> invalid() throws IOException {
    return examples("invalid-");
  }

  @ParameterizedTest
  @MethodSource("valid")
  void whatIsValidIsTaken(Path example) {
    assertThatCode(() -> tryOut(Files.readString(example))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void whatIsNotIsRefusedInTheWordsThatTheExampleExpects(Path example) throws IOException {
    var yaml = Files.readString(example);
    var message = yaml.lines().filter(line -> line.startsWith(MESSAGE)).findFirst().orElseThrow();
    assertThatThrownBy(() -> tryOut(yaml))
        .hasMessageContaining(message.substring(MESSAGE.length()).strip());
  }

  static List<Path> shown() throws IOException {
    return files(SHOWN, "").stream().filter(file -> file.toString().endsWith(".yaml")).toList();
  }

  @ParameterizedTest
  @MethodSource("shown")
  void whatUsersAreShownIsTaken(Path example) throws IOException {
    for (var document : Files.readString(example).split("(?m)^---$", -1)) {
      if (document.contains("apiVersion: ossmount.io/")) {
        assertThatCode(() -> tryOut(document)).doesNotThrowAnyException();
      }
    }
  }

  private void tryOut(String yaml) {
    // As it is written: our own records would fill in what is absent.
    HasMetadata object =
        Objects.requireNonNull(client)
            .getKubernetesSerialization()
            .unmarshal(yaml, GenericKubernetesResource.class);
    Objects.requireNonNull(client).resource(object).inNamespace("default").dryRun().create();
  }

  private static List<CustomResourceDefinition> definitions() throws IOException {
    var definitions = new ArrayList<CustomResourceDefinition>();
    for (var file : files(DEFINITIONS, "")) {
      definitions.add(
          Serialization.unmarshal(Files.readString(file), CustomResourceDefinition.class));
    }
    return definitions;
  }

  private static List<Path> examples(String prefix) throws IOException {
    return files(EXAMPLES, prefix);
  }

  private static List<Path> files(Path directory, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith(prefix))
          .sorted()
          .toList();
    }
  }
}
