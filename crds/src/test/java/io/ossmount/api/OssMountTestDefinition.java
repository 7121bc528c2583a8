package io.ossmount.api;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import java.util.List;

/** What the definition of OssMountTest has that annotations cannot say. */
final class OssMountTestDefinition {
  static final String FILE_NAME = "ossmounttests.ossmount.io-v1.yml";

  private static final List<CustomResourceColumnDefinition> COLUMNS =
      List.of(
          CustomResourceDefinitions.column("OssMount", "string", ".spec.ossMountRef.name", 0),
          CustomResourceDefinitions.column(
              "Result", "string", CustomResourceDefinitions.condition("Passed", "reason"), 0),
          CustomResourceDefinitions.column("Passed", "string", ".status.passed", 0),
          CustomResourceDefinitions.column("Duration", "string", ".status.duration", 0),
          CustomResourceDefinitions.column("Age", "date", ".metadata.creationTimestamp", 0),
          CustomResourceDefinitions.column(
              "Message", "string", CustomResourceDefinitions.condition("Passed", "message"), 1));

  private OssMountTestDefinition() {}

  static void complete(CustomResourceDefinition crd) {
    for (var version : crd.getSpec().getVersions()) {
      version.setAdditionalPrinterColumns(COLUMNS);
      var root = version.getSchema().getOpenAPIV3Schema();
      CustomResourceDefinitions.dropRepeatedRules(root);
      root.setDescription(
          "One test of an OssMount of the same namespace: through the mount in each pair of read"
              + " and write mode, of the store itself, and of whether both show the same.");
      root.setRequired(List.of("spec"));
      CustomResourceDefinitions.describe(root, "spec", "What is to be tested; cannot change.");
      CustomResourceDefinitions.describe(
          root, "status", "What came of it; written by the operator alone.");
      var status = CustomResourceDefinitions.properties(root, "status");
      CustomResourceDefinitions.keyed(status, "conditions", "type");
      CustomResourceDefinitions.keyed(status, "tests", "name");
      var condition =
          CustomResourceDefinitions.of(status, "conditions").getItems().getSchema().getProperties();
      CustomResourceDefinitions.of(condition, "lastTransitionTime").setFormat("date-time");
      CustomResourceDefinitions.of(status, "startedAt").setFormat("date-time");
      CustomResourceDefinitions.of(status, "finishedAt").setFormat("date-time");
    }
  }
}
