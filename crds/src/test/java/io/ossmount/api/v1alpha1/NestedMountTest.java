package io.ossmount.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class NestedMountTest {
  private static NestedMount within(String spec, String nested) {
    var yaml =
        """
        apiVersion: ossmount.io/v1alpha1
        kind: OssMount
        spec:
          bucket: my-bucket
          endpoint: http://oss.example
          region: local
          addressingStyle: Path
          secretRef: {name: oss-credentials}
          metadataCache: {listTimeout: 7s}
          %s
          mounts: [%s]
        """
            .formatted(spec, nested);
    var read = Serialization.unmarshal(yaml, OssMount.class).getSpec();
    return read.mounts().getFirst().within(read);
  }

  @Test
  void whatIsAbsentIsAsTheOssMountHasIt() {
    assertThat(within("readOnly: true", "{path: a, bucket: other}"))
        .isEqualTo(
            new NestedMount(
                "a",
                "other",
                "",
                "http://oss.example",
                "local",
                AddressingStyle.Path,
                new LocalReference("oss-credentials"),
                true,
                new MetadataCache("60s", "7s", "5s")));
  }

  @Test
  void anEndpointOfItsOwnHasNothingOfTheOssMountsRegionAndStyle() {
    // when
    var mount = within("", "{path: a, bucket: other, endpoint: oss-cn-beijing.aliyuncs.com}");

    // then
    assertThat(mount.region()).isNull();
    assertThat(mount.addressingStyle()).isEqualTo(AddressingStyle.VirtualHosted);
  }

  @Test
  void whatIsGivenStays() {
    // when
    var mount =
        within(
            "",
            "{path: a, bucket: other, secretRef: {name: own}, readOnly: true,"
                + " metadataCache: {attributeTimeout: 1s}}");

    // then
    assertThat(mount.secretRef()).isEqualTo(new LocalReference("own"));
    assertThat(mount.readOnly()).isTrue();
    assertThat(mount.metadataCache()).isEqualTo(new MetadataCache("1s", "7s", "5s"));
  }
}
