package io.ossmount.operator.defaults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.ossmount.api.v1alpha1.AddressingStyle;
import io.ossmount.api.v1alpha1.MetadataCache;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.OssMountSpec;
import io.ossmount.api.v1alpha1.ReadMode;
import io.ossmount.api.v1alpha1.Write;
import io.ossmount.api.v1alpha1.WriteMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterDefaultsTest {
  private static final String PLACE =
      "\"endpoint\": \"http://oss.example\", \"region\": \"local\", \"addressingStyle\": \"Path\"";

  private final List<String> problems = new ArrayList<>();

  private ClusterDefaults parse(String json) {
    return ClusterDefaults.parse(json, problems::add);
  }

  /** The spec in effect. */
  private OssMountSpec effective(String defaults, String spec) {
    var serialization = EffectiveSpecs.serialization(parse(defaults));
    assertThat(problems).isEmpty();
    var yaml =
        "apiVersion: ossmount.io/v1alpha1\nkind: OssMount\nspec: {bucket: b, secretRef: {name: s}%s}"
            .formatted(spec.isEmpty() ? "" : ", " + spec);
    var mount = serialization.unmarshal(yaml, OssMount.class);
    // What was read is written and read again whenever it is copied.
    assertThat(serialization.clone(mount).getSpec()).isEqualTo(mount.getSpec());
    return mount.getSpec();
  }

  @Test
  void theSpecIsOverTheClustersDefaultsAndTheseAreOverTheBuiltInOnes() {
    // when
    var spec =
        effective(
            "{\"cache\": {\"size\": \"500Gi\", \"replicas\": 3}, \"recovery\": {\"timeout\": \"1m\"}}",
            "cache: {replicas: 0}");

    // then
    assertThat(spec.cache().replicas()).isEqualTo(0);
    assertThat(spec.cache().size()).isEqualTo(Quantity.parse("500Gi"));
    assertThat(spec.cache().keepFree()).isEqualTo(Quantity.parse("10Gi"));
    assertThat(spec.recovery().timeout()).isEqualTo("1m");
  }

  @Test
  void modesAndSizesOfWritingAreEachTakenByThemselves() {
    // when
    var spec =
        effective(
            "{\"write\": {\"mode\": \"Async\", \"stagingSize\": \"1Gi\"},"
                + " \"cache\": {\"readMode\": \"None\"}}",
            "write: {mode: Through}, cache: {readMode: Cache}");

    // then
    assertThat(spec.write())
        .isEqualTo(new Write(WriteMode.Through, Quantity.parse("16Mi"), Quantity.parse("1Gi")));
    assertThat(spec.cache().readMode()).isEqualTo(ReadMode.Cache);
  }

  @Test
  void withoutDefaultsTheBuiltInOnesHold() {
    assertThat(effective("", "").cache().size()).isEqualTo(Quantity.parse("100Gi"));
    assertThat(effective("", "").cache().readMode()).isEqualTo(ReadMode.Cache);
    assertThat(effective("", "write: {}").write()).isEqualTo(Write.defaults());
    assertThat(effective("{}", "").endpoint()).isNull();
  }

  @Test
  void anAbsentEndpointIsTheClustersWithItsRegionAndStyle() {
    // when
    var spec = effective("{" + PLACE + "}", "");

    // then
    assertThat(spec.endpoint()).isEqualTo("http://oss.example");
    assertThat(spec.region()).isEqualTo("local");
    assertThat(spec.addressingStyle()).isEqualTo(AddressingStyle.Path);
  }

  @Test
  void anEndpointOfItsOwnHasNothingOfTheClustersRegionAndStyle() {
    // when
    var spec = effective("{" + PLACE + "}", "endpoint: oss-cn-beijing.aliyuncs.com");

    // then
    assertThat(spec.region()).isNull();
    assertThat(spec.addressingStyle()).isEqualTo(AddressingStyle.VirtualHosted);
  }

  @Test
  void nestedMountsHaveTheClustersDefaultsThroughTheirOssMount() {
    // when
    var spec =
        effective(
            "{" + PLACE + ", \"metadataCache\": {\"listTimeout\": \"1h\"}}",
            "mounts: [{path: a, bucket: other, metadataCache: {negativeTimeout: 1s}}]");

    // then
    var mount = spec.inEffect().mounts().getFirst();
    assertThat(mount.endpoint()).isEqualTo("http://oss.example");
    assertThat(mount.metadataCache()).isEqualTo(new MetadataCache("60s", "1h", "1s"));
  }

  @Test
  void resourcesLabelsAndListsAreTakenWhole() {
    // when
    var spec =
        effective(
            "{\"cache\": {\"resources\": {\"limits\": {\"memory\": \"8Gi\"}},"
                + " \"nodeSelector\": {\"pool\": \"gpu\"},"
                + " \"imagePullSecrets\": [{\"name\": \"registry\"}]}}",
            "cache: {resources: {requests: {cpu: 1}}, nodeSelector: {disk: fast},"
                + " imagePullSecrets: []}");

    // then
    assertThat(spec.cache().resources().limits()).isEmpty();
    assertThat(spec.cache().nodeSelector()).isEqualTo(Map.of("disk", "fast"));
    assertThat(spec.cache().imagePullSecrets()).isEmpty();
  }

  @Test
  void everyFieldThatMayHaveADefaultHasOne() {
    // when
    var spec =
        effective(
            """
            {"endpoint": "oss-cn-shanghai.aliyuncs.com", "region": null,
             "metadataCache": {"attributeTimeout": "1s", "listTimeout": "2s", "negativeTimeout": "0s"},
             "cache": {"size": 1073741824, "keepFree": "0", "readAhead": "1Gi", "replicas": 2,
               "readMode": "None",
               "idleTimeout": "0s", "resources": {"requests": {"cpu": 1}},
               "nodeSelector": {"a": "b"}, "imagePullSecrets": [{"name": "r"}]},
             "write": {"mode": "Async", "partSize": "1Gi", "stagingSize": 67108864},
             "timeouts": {"connect": "1s", "operation": "1m"}, "recovery": {"timeout": "7m"},
             "files": {"uid": 1, "gid": 4294967294, "fileMode": "0600", "directoryMode": "700"}}
            """,
            "");

    // then
    assertThat(spec.cache().size().getNumericalAmount()).isEqualTo("1073741824");
    assertThat(spec.cache().readAhead()).isEqualTo(Quantity.parse("1Gi"));
    assertThat(spec.cache().idleTimeout()).isEqualTo("0s");
    assertThat(spec.cache().readMode()).isEqualTo(ReadMode.None);
    assertThat(spec.write())
        .isEqualTo(new Write(WriteMode.Async, Quantity.parse("1Gi"), Quantity.parse("67108864")));
    assertThat(spec.timeouts().operation()).isEqualTo("1m");
    assertThat(spec.files().gid()).isEqualTo(4294967294L);
    assertThat(spec.files().directoryMode()).isEqualTo("700");
    assertThat(spec.metadataCache()).isEqualTo(new MetadataCache("1s", "2s", "0s"));
  }

  /** What the API server fills in, nobody can tell from what a user wrote. */
  @Test
  void theSchemaHasNoDefaultForWhatMayHaveOneHere() throws IOException {
    var spec = definition().at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
    for (var field : DefaultsCheck.fields()) {
      var at = spec;
      for (var name : field.split("\\.", -1)) {
        at = at.path("properties").path(name);
        assertThat(at.isObject()).as(field).isTrue();
        assertThat(at.has("default")).as(field).isFalse();
      }
    }
  }

  @Test
  void theChartTakesTheSameFields() throws IOException {
    var values =
        new ObjectMapper()
            .readTree(Path.of("../deploy/chart/ossmount/values.schema.json").toFile())
            .at("/properties/defaults/properties");
    var fields = new TreeSet<String>();
    values
        .properties()
        .forEach(group -> {
          var inner = group.getValue().path("properties").properties();
          inner.forEach(field -> fields.add(group.getKey() + "." + field.getKey()));
          if (inner.isEmpty()) {
            fields.add(group.getKey());
          }
        });
    assertThat(fields).isEqualTo(new TreeSet<>(DefaultsCheck.fields()));
  }

  private static JsonNode definition() throws IOException {
    try (var yaml =
        OssMount.class.getResourceAsStream("/META-INF/fabric8/ossmounts.ossmount.io-v1.yml")) {
      return new KubernetesSerialization().unmarshal(Objects.requireNonNull(yaml), JsonNode.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"bucket\": \"b\"} | defaults.bucket is no field that can have a default",
        "{\"cache\": {\"sise\": \"1Gi\"}} | defaults.cache.sise is no field",
        "{\"cache\": 7} | defaults.cache must be an object",
        "{\"cache\": {\"size\": \"0\"}} | defaults.cache.size must be a quantity",
        "{\"cache\": {\"size\": \"big\"}} | defaults.cache.size must be a quantity",
        "{\"cache\": {\"keepFree\": \"-1Gi\"}} | defaults.cache.keepFree must be a quantity",
        "{\"cache\": {\"readMode\": \"cache\"}} | defaults.cache.readMode must be Cache or None",
        "{\"write\": {\"mode\": \"Back\"}} | defaults.write.mode must be Through or Async",
        "{\"write\": {\"partSize\": \"99Ki\"}} | defaults.write.partSize must be a quantity of bytes",
        "{\"write\": {\"partSize\": \"1025Mi\"}} | defaults.write.partSize must be a quantity",
        "{\"write\": {\"stagingSize\": \"63Mi\"}} | defaults.write.stagingSize must be a quantity",
        "{\"write\": \"Async\"} | defaults.write must be an object",
        "{\"cache\": {\"replicas\": \"2\"}} | defaults.cache.replicas must be a number",
        "{\"cache\": {\"resources\": {\"claims\": []}}} | defaults.cache.resources must have",
        "{\"cache\": {\"nodeSelector\": {\"a\": 1}}} | defaults.cache.nodeSelector must be labels",
        "{\"cache\": {\"imagePullSecrets\": [\"r\"]}} | defaults.cache.imagePullSecrets must be",
        "{\"recovery\": {\"timeout\": \"0s\"}} | defaults.recovery.timeout must be a duration above 0",
        "{\"timeouts\": {\"connect\": \"1d\"}} | defaults.timeouts.connect must be a duration",
        "{\"metadataCache\": {\"listTimeout\": 5}} | defaults.metadataCache.listTimeout must be a",
        "{\"files\": {\"uid\": -1}} | defaults.files.uid must be an id",
        "{\"files\": {\"fileMode\": \"888\"}} | defaults.files.fileMode must be a mode",
        "{\"endpoint\": \"http://host/path\", \"region\": \"r\"} | defaults.endpoint must be a host",
        "{\"endpoint\": \"oss.example\"} | defaults.region is required",
        "{\"region\": \"cn-shanghai\"} | defaults.region and defaults.addressingStyle need",
        "{\"endpoint\": \"h\", \"region\": \"oss-cn\"} | defaults.region must be a region",
        "[] | defaults must be an object",
        "{ | defaults are no JSON",
      })
  void whatIsWrongIsSaid(String json, String problem) {
    // when
    var defaults = parse(json);

    // then
    assertThat(problems).singleElement().asString().startsWith(problem);
    assertThat(defaults).isEqualTo(ClusterDefaults.NONE);
  }

  @Test
  void allProblemsAreToldAtOnce() {
    // when
    parse("{\"cache\": {\"size\": \"0\", \"replicas\": -1}, \"files\": {\"uid\": \"root\"}}");

    // then
    assertThat(problems).hasSize(3);
  }
}
