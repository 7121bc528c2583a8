package io.ossmount.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaitingPodsTest {
  @ParameterizedTest
  @CsvSource({
    "'{name: v, persistentVolumeClaim: {claimName: training-data}}', true",
    "'{name: v, persistentVolumeClaim: {claimName: other}}', false",
    "'{name: data, ephemeral: {}}', true",
    "'{name: v, emptyDir: {}}', false",
  })
  void aPodWaitsWhenItUsesTheClaim(String volume, boolean waits) {
    // given
    var pod =
        Serialization.unmarshal(
            "kind: Pod\napiVersion: v1\nmetadata: {name: training}\nspec: {volumes: ["
                + volume
                + "]}",
            Pod.class);

    // then
    assertThat(WaitingPods.uses(pod, Set.of("training-data"))).isEqualTo(waits);
  }
}
