package io.ossmount.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.ossmount.operator.observe.ObservedContainer.Resizing;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObservedContainerTest {
  private static final String RUNS =
      """
      containerStatuses:
      - name: cache
        containerID: containerd://c1
        restartCount: 2
        state: {running: {}}
        resources: {requests: {cpu: 500m, memory: %s}, limits: {memory: 1Gi}}
      """;

  private static ObservedContainer container(String annotations, String status) {
    var pod =
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: training-data-x7k2p
          annotations: {%s}
        spec:
          containers:
          - name: cache
            image: cache:1
            resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {memory: 1Gi}}
            resizePolicy:
            - {resourceName: memory, restartPolicy: RestartContainer}
        status:
        """
            .formatted(annotations);
    return ObservedContainer.of(Serialization.unmarshal(pod + status.indent(2), Pod.class));
  }

  private static Map<String, Quantity> memory(String amount) {
    return Map.of("memory", Quantity.parse(amount));
  }

  @Test
  void aContainerThatRunsAsItsSpecSays() {
    // when
    var container = container("", RUNS.formatted("1024Mi"));

    // then
    assertThat(container.id()).isEqualTo("containerd://c1");
    assertThat(container.image()).isEqualTo("cache:1");
    assertThat(container.resizable()).isTrue();
    assertThat(container.isChanging()).isFalse();
  }

  @Test
  void aContainerThatDoesNotRunHasNoId() {
    assertThat(
            container(
                    "",
                    "containerStatuses: [{name: cache, containerID: 'containerd://c1', state:"
                        + " {waiting: {reason: CrashLoopBackOff}}}]")
                .id())
        .isEmpty();
  }

  @Test
  void aContainerThatWasNotRestartedSinceItWasChangedIsChanging() {
    assertThat(
            container("ossmount.io/restarts-before-change: '2'", RUNS.formatted("1Gi"))
                .isChanging())
        .isTrue();
    assertThat(
            container("ossmount.io/restarts-before-change: '1'", RUNS.formatted("1Gi"))
                .isChanging())
        .isFalse();
    assertThat(
            container("ossmount.io/restarts-before-change: nonsense", RUNS.formatted("1Gi"))
                .isChanging())
        .isFalse();
  }

  @Test
  void resourcesThatKubeletHasNotGivenYetAreTold() {
    // when
    var container = container("", RUNS.formatted("512Mi"));

    // then
    assertThat(container.resizing()).isEqualTo(new Resizing(false, "kubelet has not begun"));
    assertThat(container.isChanging()).isTrue();
  }

  @Test
  void kubeletsWordsAreKept() {
    assertThat(
            container(
                    "",
                    "conditions: [{type: PodResizePending, status: 'True', reason: Infeasible,"
                        + " message: too large}]\n"
                        + RUNS.formatted("512Mi"))
                .resizing())
        .isEqualTo(new Resizing(true, "Infeasible: too large"));
    assertThat(
            container(
                    "",
                    "conditions: [{type: PodResizeInProgress, status: 'True'}]\n"
                        + RUNS.formatted("512Mi"))
                .resizing())
        .isEqualTo(new Resizing(false, "kubelet is at it"));
  }

  @Test
  void onlyAnotherMemoryIsARestart() {
    // given
    var container = container("", RUNS.formatted("1Gi"));

    // then
    assertThat(container.restartsFor(Map.of("cpu", Quantity.parse("2")), memory("1024Mi")))
        .isFalse();
    assertThat(container.restartsFor(memory("1Gi"), memory("2Gi"))).isTrue();
    assertThat(container.restartsFor(memory("2Gi"), memory("1Gi"))).isTrue();
    assertThat(container.restartsFor(memory("1Gi"), Map.of())).isTrue();
  }
}
