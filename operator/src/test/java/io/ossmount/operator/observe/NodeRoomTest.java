package io.ossmount.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.Resources;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeRoomTest {
  private static Node node(String allocatable) {
    return Serialization.unmarshal(
        "kind: Node\napiVersion: v1\nmetadata: {name: n1}\nstatus: {allocatable: %s}"
            .formatted(allocatable),
        Node.class);
  }

  private static Pod pod(String phase, String spec) {
    return Serialization.unmarshal(
        "kind: Pod\napiVersion: v1\nspec: %s\nstatus: {phase: %s}".formatted(spec, phase),
        Pod.class);
  }

  private static Resources wanted(String resources) {
    var mount =
        """
        kind: OssMount
        apiVersion: ossmount.io/v1alpha1
        spec: {bucket: b, endpoint: e, secretRef: {name: s}, cache: {resources: %s}}
        """
            .formatted(resources);
    return Serialization.unmarshal(mount, OssMount.class).getSpec().cache().resources();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{cpu: 2, memory: 4Gi, pods: 10}         | {requests: {cpu: 500m, memory: 1Gi}} | true",
        "{cpu: 2, memory: 4Gi, pods: 10}         | {requests: {cpu: 1, memory: 2Gi}}    | true",
        "{cpu: 2, memory: 4Gi, pods: 10}         | {requests: {cpu: 1001m}}             | false",
        "{cpu: 2, memory: 4Gi, pods: 10}         | {limits: {memory: 3Gi}}              | false",
        "{cpu: 2, memory: 4Gi, pods: 1}          | {requests: {cpu: 1m}}                | false",
        "{cpu: 2, memory: 4Gi, pods: 10}         | {requests: {example.com/gpu: 1}}     | false",
        "{}                                      | {requests: {cpu: 1m}}                | false",
      })
  void whatIsAskedForHasToBeFree(String allocatable, String resources, boolean isThere) {
    // given
    var running =
        pod(
            "Running",
            "{containers: [{name: a, resources: {requests: {cpu: 1}, limits: {memory: 2Gi}}}]}");
    var ended =
        pod("Failed", "{containers: [{name: a, resources: {requests: {cpu: 1, memory: 2Gi}}}]}");

    // then
    assertThat(NodeRoom.isThere(node(allocatable), List.of(running, ended), wanted(resources)))
        .isEqualTo(isThere);
  }

  @ParameterizedTest
  @CsvSource({"600m, true", "601m, false"})
  void initContainersAndOverheadCount(String cpu, boolean isThere) {
    // given
    var pods =
        Stream.of(
                "{overhead: {cpu: 100m}, containers: [{name: a}]}",
                "{containers: [{name: a, resources: {requests: {cpu: 100m}}}], initContainers:"
                    + " [{name: b, resources: {requests: {cpu: 200m}}}]}")
            .map(spec -> pod("Running", spec))
            .toList();

    // then
    assertThat(
            NodeRoom.isThere(
                node("{cpu: 1, pods: 9}"), pods, wanted("{requests: {cpu: %s}}".formatted(cpu))))
        .isEqualTo(isThere);
  }
}
