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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CustomResourceDefinitionsTest {
  private static final Path COMMITTED =
      Path.of("src/main/resources/META-INF/fabric8", CustomResourceDefinitions.FILE_NAME);
  private static final String REGENERATE =
      "./mvnw -q -pl crds test -Dtest=CustomResourceDefinitionsTest -Dossmount.regenerate=true";

  @TempDir private Path directory;

  @Test
  void theCommittedDefinitionIsWhatTheTypesSay() throws IOException {
    // given
    var generated = CustomResourceDefinitions.generate(directory);
    if (Boolean.getBoolean("ossmount.regenerate")) {
      Files.createDirectories(COMMITTED.getParent());
      Files.writeString(COMMITTED, generated);
    }

    // when
    var committed = Files.readString(COMMITTED);

    // then
    assertThat(committed)
        .as("%s is stale; regenerate it with: %s", COMMITTED, REGENERATE)
        .isEqualTo(generated);
  }

  @Test
  void everyFieldHasADescription() {
    // given
    var crd =
        Serialization.unmarshal(
            CustomResourceDefinitions.generate(directory), CustomResourceDefinition.class);
    var undescribed = new ArrayList<String>();

    // when
    collectUndescribed(
        crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema(), "", undescribed);

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
