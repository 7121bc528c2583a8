package io.ossmount.operator.render;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.OssMountSpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointTest {
  @ParameterizedTest
  @CsvSource({
    "oss-cn-shanghai.aliyuncs.com,, https://oss-cn-shanghai.aliyuncs.com, cn-shanghai",
    "https://oss-cn-shanghai-internal.aliyuncs.com,, https://oss-cn-shanghai-internal.aliyuncs.com, cn-shanghai",
    "http://oss-us-west-1.aliyuncs.com:80,, http://oss-us-west-1.aliyuncs.com:80, us-west-1",
    "oss-cn-shanghai-finance-1-internal.aliyuncs.com,, https://oss-cn-shanghai-finance-1-internal.aliyuncs.com, cn-shanghai-finance-1",
    "oss-accelerate.aliyuncs.com, cn-shanghai, https://oss-accelerate.aliyuncs.com, cn-shanghai",
    "http://oss.example:9000, local, http://oss.example:9000, local",
  })
  void schemeAndRegionAreFilledIn(String endpoint, String region, String url, String inForce) {
    // given
    var yaml =
        "apiVersion: ossmount.io/v1alpha1\nkind: OssMount\nspec: {bucket: b, endpoint: \"%s\"%s}"
            .formatted(endpoint, region == null ? "" : ", region: " + region);
    OssMountSpec spec = Serialization.unmarshal(yaml, OssMount.class).getSpec();

    // then
    assertThat(Endpoint.of(requireNonNull(spec.endpoint()), spec.region()))
        .isEqualTo(new Endpoint(url, inForce));
  }
}
