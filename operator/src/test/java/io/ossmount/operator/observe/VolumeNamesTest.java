package io.ossmount.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.ossmount.api.VolumeContext;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VolumeNamesTest {
  private static final MountIdentity MOUNT = new MountIdentity("ml", "data", "u1", 1);

  private final VolumeNames names = new VolumeNames("ossmount.io");

  private static PersistentVolume volume(String driver, Map<String, String> context) {
    return new PersistentVolumeBuilder()
        .withNewSpec()
        .withNewCsi()
        .withDriver(driver)
        .withVolumeHandle("h1")
        .withVolumeAttributes(context)
        .endCsi()
        .endSpec()
        .build();
  }

  @Test
  void aVolumeMadeForAnOssMountIsFoundByItsUidAlone() {
    // given
    var same =
        Map.of(VolumeContext.NAMESPACE, "ml", VolumeContext.NAME, "data", VolumeContext.UID, "u1");
    var another =
        Map.of(VolumeContext.NAMESPACE, "ml", VolumeContext.NAME, "data", VolumeContext.UID, "u0");

    // then
    assertThat(VolumeNames.keys(MOUNT)).containsAll(names.keys(volume("ossmount.io", same)));
    assertThat(VolumeNames.keys(MOUNT))
        .doesNotContainAnyElementsOf(names.keys(volume("ossmount.io", another)));
  }

  @Test
  void aVolumeWrittenByHandIsFoundByName() {
    // given
    var volume =
        volume("ossmount.io", Map.of(VolumeContext.NAMESPACE, "ml", VolumeContext.NAME, "data"));

    // then
    assertThat(VolumeNames.keys(MOUNT)).containsAll(names.keys(volume)).hasSize(2);
    assertThat(names.mountOf(volume)).containsExactly(new ResourceID("data", "ml"));
  }

  @Test
  void volumesOfOtherDriversAndWithoutAMountAreNobodys() {
    assertThat(names.keys(volume("other", Map.of(VolumeContext.UID, "u1")))).isEmpty();
    assertThat(names.keys(volume("ossmount.io", Map.of()))).isEmpty();
    assertThat(names.isOurs(new PersistentVolume())).isFalse();
  }

  @Test
  void aNodeNamesAVolumeInUseByItsHandle() {
    // given
    var node =
        Serialization.unmarshal(
            """
            apiVersion: v1
            kind: Node
            status: {volumesInUse: [kubernetes.io/csi/ossmount.io^h1, kubernetes.io/csi/other^h1]}
            """,
            Node.class);

    // then
    assertThat(names.inUse(node)).containsExactly(names.inUse(volume("ossmount.io", Map.of())));
  }
}
