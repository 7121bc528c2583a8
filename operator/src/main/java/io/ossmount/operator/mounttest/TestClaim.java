package io.ossmount.operator.mounttest;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.ossmount.api.Annotations;
import io.ossmount.api.Driver;

/** The claim through which a test mounts its OssMount with one pair of modes. */
final class TestClaim {
  private TestClaim() {}

  static PersistentVolumeClaim of(TestIdentity test, String ossMount, Modes modes) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadataLike(TestMetadata.of(test, name(test, modes)))
        .addToAnnotations(Annotations.MOUNT, ossMount)
        .addToAnnotations(Annotations.READ_MODE, modes.read())
        .addToAnnotations(Annotations.WRITE_MODE, modes.write())
        .endMetadata()
        .withNewSpec()
        .withStorageClassName(Driver.STORAGE_CLASS)
        .withAccessModes("ReadWriteMany")
        .withNewResources()
        // Asked for by Kubernetes; a bucket has no size.
        .addToRequests("storage", Quantity.parse("1Gi"))
        .endResources()
        .endSpec()
        .build();
  }

  static String name(TestIdentity test, Modes modes) {
    return test.jobName() + "-" + modes.suffix();
  }
}
