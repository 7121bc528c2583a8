package io.ossmount.operator.mounttest;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.ossmount.api.Labels;
import io.ossmount.api.v1alpha1.OssMountTest;

/** Name, labels and owner of what is made for a test; it goes when the OssMountTest goes. */
final class TestMetadata {
  private TestMetadata() {}

  static ObjectMeta of(TestIdentity test, String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(test.namespace())
        .addToLabels(Labels.APP_NAME, Labels.APP_NAME_VALUE)
        .addToLabels(Labels.COMPONENT, Labels.COMPONENT_TEST)
        .addToLabels(Labels.MANAGED_BY, Labels.MANAGED_BY_VALUE)
        .addToLabels(Labels.TEST, test.name())
        .addNewOwnerReference()
        .withApiVersion(HasMetadata.getApiVersion(OssMountTest.class))
        .withKind(HasMetadata.getKind(OssMountTest.class))
        .withName(test.name())
        .withUid(test.uid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .endOwnerReference()
        .build();
  }
}
