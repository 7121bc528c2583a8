package io.ossmount.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ObservedPodTest {
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: training-data-x7k2p
        uid: u1
        resourceVersion: "7"
        creationTimestamp: "2026-11-22T12:00:00Z"
        annotations: {ossmount.io/template: "image=1", ossmount.io/configuration: c0ffee}
      spec:
        affinity:
          nodeAffinity:
            requiredDuringSchedulingIgnoredDuringExecution:
              nodeSelectorTerms:
              - matchFields: [{key: metadata.name, operator: In, values: [gpu-1]}]
        containers: [{name: cache}]
      status:
      """;

  private static ObservedPod pod(String status) {
    return ObservedPod.of(Serialization.unmarshal(POD + status.indent(2), Pod.class)).orElseThrow();
  }

  @Test
  void itsNodeIsTheOneThatItWasMadeFor() {
    assertThat(pod("phase: Pending").node()).isEqualTo("gpu-1");
  }

  @Test
  void aPodWithoutANodeOfItsOwnIsNotOurs() {
    assertThat(
            ObservedPod.of(
                Serialization.unmarshal("{\"metadata\":{\"name\":\"x\"},\"spec\":{}}", Pod.class)))
        .isEqualTo(Optional.empty());
  }

  @Test
  void aReadyPodHasAnAddressAndNoTrouble() {
    // when
    var pod =
        pod(
            """
            phase: Running
            podIP: 10.0.0.9
            conditions: [{type: Ready, status: "True", lastTransitionTime: "2026-11-22T12:01:00Z"}]
            containerStatuses: [{name: cache, ready: true, state: {running: {}}}]
            """);

    // then
    assertThat(pod.ready()).isTrue();
    assertThat(pod.since()).isEqualTo(Instant.parse("2026-11-22T12:01:00Z"));
    assertThat(pod.address()).isEqualTo("10.0.0.9");
    assertThat(pod.trouble()).isNull();
  }

  @Test
  void theSchedulersWordsAreKept() {
    // when
    var pod =
        pod(
            """
            phase: Pending
            conditions: [{type: PodScheduled, status: "False", reason: Unschedulable, message: "Insufficient cpu"}]
            """);

    // then
    assertThat(pod.trouble())
        .isEqualTo(new Trouble(Trouble.Kind.UNSCHEDULABLE, "Insufficient cpu"));
  }

  @Test
  void kubeletsWordsAreKept() {
    // when
    var pod =
        pod(
            """
            phase: Pending
            containerStatuses: [{name: cache, state: {waiting: {reason: ErrImagePull, message: not found}}}]
            """);

    // then
    assertThat(pod.trouble())
        .isEqualTo(new Trouble(Trouble.Kind.WAITING, "ErrImagePull: not found"));
  }

  @Test
  void aContainerThatIsBeingMadeIsNoTrouble() {
    assertThat(
            pod("containerStatuses: [{name: cache, state: {waiting: {reason: ContainerCreating}}}]")
                .trouble())
        .isNull();
  }

  @Test
  void aContainerThatEndsAgainAndAgainIs() {
    // when
    var pod =
        pod(
            """
            phase: Running
            containerStatuses:
            - name: cache
              restartCount: 4
              state: {waiting: {reason: CrashLoopBackOff, message: back-off}}
              lastState: {terminated: {exitCode: 137, reason: OOMKilled}}
            """);

    // then
    assertThat(pod.trouble())
        .isEqualTo(
            new Trouble(
                Trouble.Kind.CRASHING,
                "the container ended with code 137 (OOMKilled) 4 times; see its log"));
  }

  @Test
  void anEvictedPodHasEnded() {
    assertThat(pod("{phase: Failed, reason: Evicted, message: low on disk}").trouble())
        .isEqualTo(new Trouble(Trouble.Kind.ENDED, "Evicted: low on disk"));
  }
}
