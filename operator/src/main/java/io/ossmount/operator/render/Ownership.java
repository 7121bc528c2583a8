package io.ossmount.operator.render;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.ossmount.api.Labels;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.operator.observe.MountIdentity;

/** Name, labels and owner of what is made for an OssMount; it goes when the OssMount goes. */
final class Ownership {
  private Ownership() {}

  static ObjectMeta metadata(MountIdentity mount, String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(mount.namespace())
        .addToLabels(Labels.APP_NAME, Labels.APP_NAME_VALUE)
        .addToLabels(Labels.MANAGED_BY, Labels.MANAGED_BY_VALUE)
        .addToLabels(Labels.MOUNT, mount.name())
        .addNewOwnerReference()
        .withApiVersion(HasMetadata.getApiVersion(OssMount.class))
        .withKind(HasMetadata.getKind(OssMount.class))
        .withName(mount.name())
        .withUid(mount.uid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .endOwnerReference()
        .build();
  }
}
