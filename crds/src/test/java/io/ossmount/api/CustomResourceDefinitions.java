package io.ossmount.api;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.OssMountTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Generates the CustomResourceDefinitions from the records of {@code v1alpha1}, and adds what
 * annotations cannot say: the order and priority of the columns, and which lists are maps for
 * server-side apply.
 */
final class CustomResourceDefinitions {
  static final String FILE_NAME = "ossmounts.ossmount.io-v1.yml";

  private static final List<CustomResourceColumnDefinition> COLUMNS =
      List.of(
          column("Bucket", "string", ".spec.bucket", 0),
          column("Directory", "string", ".spec.directory", 0),
          column("Ready", "string", condition("Ready", "status"), 0),
          column("Reason", "string", condition("Ready", "reason"), 0),
          column("Nodes", "string", ".status.nodesReady", 0),
          column("Cached", "string", ".status.cache.used", 0),
          column("Age", "date", ".metadata.creationTimestamp", 0),
          column("Endpoint", "string", ".status.effective.endpoint", 1),
          column("Read-Only", "boolean", ".spec.readOnly", 1),
          column("Volumes", "integer", ".status.volumes", 1),
          column("Mounts", "string", ".status.mountsReady", 1),
          column("Capacity", "string", ".status.cache.capacity", 1),
          column("Hit%", "integer", ".status.cache.hitPercent", 1),
          column("Secret", "string", ".spec.secretRef.name", 1),
          column("Message", "string", condition("Ready", "message"), 1));

  private CustomResourceDefinitions() {}

  /** The YAML of all definitions by the name of its file, generated in the directory. */
  static Map<String, String> generate(Path directory) {
    new CRDGenerator()
        .customResourceClasses(OssMount.class, OssMountTest.class)
        .forCRDVersions("v1")
        .withPostProcessor(
            new CRDPostProcessor() {
              @Override
              public HasMetadata process(HasMetadata crd, String version) {
                return complete(crd);
              }
            })
        .inOutputDir(directory.toFile())
        .generate();
    try {
      return Map.of(
          FILE_NAME,
          Files.readString(directory.resolve(FILE_NAME)),
          OssMountTestDefinition.FILE_NAME,
          Files.readString(directory.resolve(OssMountTestDefinition.FILE_NAME)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static HasMetadata complete(HasMetadata generated) {
    var crd = new CustomResourceDefinitionBuilder((CustomResourceDefinition) generated).build();
    if (crd.getSpec().getNames().getKind().equals("OssMountTest")) {
      OssMountTestDefinition.complete(crd);
      return crd;
    }
    for (var version : crd.getSpec().getVersions()) {
      version.setAdditionalPrinterColumns(COLUMNS);
      var root = version.getSchema().getOpenAPIV3Schema();
      dropRepeatedRules(root);
      root.setDescription(
          "A directory of an Alibaba Cloud OSS bucket, the credentials for it, and how it is cached."
              + " Claims of the storage class ossmount give its files to pods.");
      root.setRequired(List.of("spec"));
      describe(root, "spec", "What is asked for.");
      describe(root, "status", "What the operator sees; written by the operator alone.");
      var status = properties(root, "status");
      keyed(status, "conditions", "type");
      keyed(status, "cachePods", "node");
      keyed(status, "mounts", "path");
      keyed(properties(of(status, "pending")), "nodes", "node");
      keyed(properties(root, "spec"), "mounts", "path");
      // What was accepted as spec is not judged again as status.
      status.put("effective", anything(of(status, "effective").getDescription()));
      var mount = items(status, "mounts");
      keyed(mount, "conditions", "type");
      for (var conditions : List.of(status, mount)) {
        of(items(conditions, "conditions"), "lastTransitionTime").setFormat("date-time");
      }
      var reset = properties(of(status, "reset"));
      of(reset, "startedAt").setFormat("date-time");
      of(reset, "finishedAt").setFormat("date-time");
    }
    return crd;
  }

  /** The generator sees the annotation of a record's component on its field and on its accessor. */
  static void dropRepeatedRules(JSONSchemaProps schema) {
    var rules = schema.getXKubernetesValidations();
    if (rules != null) {
      schema.setXKubernetesValidations(rules.stream().distinct().toList());
    }
    if (schema.getProperties() != null) {
      schema.getProperties().values().forEach(CustomResourceDefinitions::dropRepeatedRules);
    }
    if (schema.getItems() != null && schema.getItems().getSchema() != null) {
      dropRepeatedRules(schema.getItems().getSchema());
    }
  }

  static void describe(JSONSchemaProps root, String property, String description) {
    of(root.getProperties(), property).setDescription(description);
  }

  static void keyed(Map<String, JSONSchemaProps> properties, String list, String key) {
    var schema = of(properties, list);
    schema.setXKubernetesListType("map");
    schema.setXKubernetesListMapKeys(List.of(key));
  }

  private static JSONSchemaProps anything(String description) {
    return new JSONSchemaPropsBuilder()
        .withType("object")
        .withDescription(description)
        .withXKubernetesPreserveUnknownFields(true)
        .build();
  }

  private static Map<String, JSONSchemaProps> items(
      Map<String, JSONSchemaProps> properties, String list) {
    return of(properties, list).getItems().getSchema().getProperties();
  }

  static Map<String, JSONSchemaProps> properties(JSONSchemaProps schema, String property) {
    return of(schema.getProperties(), property).getProperties();
  }

  private static Map<String, JSONSchemaProps> properties(JSONSchemaProps schema) {
    return schema.getProperties();
  }

  static JSONSchemaProps of(Map<String, JSONSchemaProps> properties, String name) {
    return Optional.ofNullable(properties.get(name))
        .orElseThrow(() -> new IllegalStateException("no property " + name + " was generated"));
  }

  static String condition(String type, String field) {
    return ".status.conditions[?(@.type==\"" + type + "\")]." + field;
  }

  static CustomResourceColumnDefinition column(
      String name, String type, String path, int priority) {
    return new CustomResourceColumnDefinitionBuilder()
        .withName(name)
        .withType(type)
        .withJsonPath(path)
        .withPriority(priority)
        .build();
  }
}
