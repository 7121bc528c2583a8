package io.ossmount.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OssMountObjectTest {
  private static final String MINIMAL =
      """
      apiVersion: ossmount.io/v1alpha1
      kind: OssMount
      metadata: {name: training-data, namespace: ml}
      spec:
        bucket: my-bucket
        endpoint: oss-cn-shanghai.aliyuncs.com
        secretRef: {name: oss-credentials}
        fieldOfALaterVersion: 1
        cache: {size: 1073741824, laterToo: true}
      """;

  @Test
  void absentFieldsHaveTheirDefaults() {
    // when
    var spec = Serialization.unmarshal(MINIMAL, OssMount.class).getSpec();

    // then
    assertThat(spec.directory()).isEmpty();
    assertThat(spec.region()).isNull();
    assertThat(spec.addressingStyle()).isEqualTo(AddressingStyle.VirtualHosted);
    assertThat(spec.readOnly()).isFalse();
    assertThat(spec.allowedNamespaces().from()).isEqualTo(AllowedNamespaces.From.Same);
    assertThat(spec.files()).isEqualTo(new Files(0L, 0L, "0644", "0755"));
    assertThat(spec.metadataCache()).isEqualTo(new MetadataCache("60s", "60s", "5s"));
    assertThat(spec.timeouts()).isEqualTo(new Timeouts("5s", "2m"));
    assertThat(spec.recovery()).isEqualTo(new Recovery("5m"));
    assertThat(spec.cache().size()).isEqualTo(Quantity.parse("1Gi"));
    assertThat(spec.cache().keepFree()).isEqualTo(Quantity.parse("10Gi"));
    assertThat(spec.cache().readAhead()).isEqualTo(Quantity.parse("256Mi"));
    assertThat(spec.cache().replicas()).isEqualTo(1);
    assertThat(spec.cache().imagePullSecrets()).isEqualTo(List.of());
    assertThat(spec.cache().resources().limits())
        .isEqualTo(Map.of("memory", Quantity.parse("1Gi")));
  }

  @Test
  void writingAndReadingGivesTheSame() {
    // given
    var mount = Serialization.unmarshal(MINIMAL, OssMount.class);

    // when
    var again = Serialization.unmarshal(Serialization.asYaml(mount), OssMount.class);

    // then
    assertThat(again.getSpec()).isEqualTo(mount.getSpec());
  }

  @Test
  void anObjectWithoutSpecAndStatusIsRead() {
    // when
    var mount =
        Serialization.unmarshal("apiVersion: ossmount.io/v1alpha1\nkind: OssMount", OssMount.class);

    // then
    assertThat(mount.getStatus()).isNull();
  }
}
