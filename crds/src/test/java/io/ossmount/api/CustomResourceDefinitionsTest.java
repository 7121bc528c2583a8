package io.ossmount.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CustomResourceDefinitionsTest {
  private static final Path COMMITTED = Path.of("src/main/resources/META-INF/fabric8");
  private static final String REGENERATE =
      "./mvnw -q -pl crds test -Dtest=CustomResourceDefinitionsTest -Dossmount.regenerate=true";

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {CustomResourceDefinitions.FILE_NAME, OssMountTestDefinition.FILE_NAME})
  void theCommittedDefinitionIsWhatTheTypesSay(String file) throws IOException {
    // given
    var generated = Objects.requireNonNull(CustomResourceDefinitions.generate(directory).get(file));
    var path = COMMITTED.resolve(file);
    if (Boolean.getBoolean("ossmount.regenerate")) {
      Files.createDirectories(COMMITTED);
      Files.writeString(path, generated);
    }

    // when
    var committed = Files.readString(path);

    // then
    assertThat(committed)
        .as("%s is stale; regenerate it with: %s", path, REGENERATE)
        .isEqualTo(generated);
  }

  @Test
  void everyFieldHasADescription() {
    // given
    var undescribed = new ArrayList<String>();

    // when
    CustomResourceDefinitions.generate(directory)
        .values()
        .forEach(yaml -> {
          var crd = Serialization.unmarshal(yaml, CustomResourceDefinition.class);
          collectUndescribed(
              crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema(),
              crd.getSpec().getNames().getKind(),
              undescribed);
        });

    // then
    assertThat(undescribed).isEqualTo(List.of());
  }

  private static void collectUndescribed(
      JSONSchemaProps schema, String path, List<String> undescribed) {
    if (schema.getProperties() != null) {
      schema
          .getProperties()
          .forEach((name, property) -> {
            if (property.getDescription() == null) {
              undescribed.add(path + "." + name);
            }
            collectUndescribed(property, path + "." + name, undescribed);
          });
    }
    if (schema.getItems() != null && schema.getItems().getSchema() != null) {
      collectUndescribed(schema.getItems().getSchema(), path + "[]", undescribed);
    }
  }
}
