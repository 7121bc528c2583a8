package io.ossmount.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.ossmount.operator.observe.ObservedContainer;
import io.ossmount.operator.observe.ObservedContainer.Resizing;
import io.ossmount.operator.plan.Plan.Patch;
import io.ossmount.operator.scene.Scene;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodChangeTest {
  private static final ObservedContainer RUNS = Scene.container(3, -1, null);
  private static final String MORE_MEMORY = "{resources: {limits: {memory: 2Gi}}}";
  private static final String MORE_CPU =
      "{resources: {requests: {cpu: 2, memory: 1Gi}, limits: {memory: 1Gi}}}";

  private static PodChange change(String cache, ObservedContainer container, String... parts) {
    var observed = new Scene().cache(cache).pod("n1", Scene.container(container)).observed();
    return new PodChange(
        new Patch(observed.pods().getFirst(), List.of(parts), "image=1,resources=2"),
        observed.spec().cache(),
        new CachePodSettings("cache:2", "IfNotPresent", List.of(), "", "ossmount.io", "INFO", "2"));
  }

  @Test
  void anotherImageComesTogetherWithWhatThePodSaysOfIt() {
    // when
    var change = change("{}", RUNS, "image");

    // then
    assertThat(change.resources("7")).isEmpty();
    assertThat(parse(change.rest("7")))
        .isEqualTo(
            parse(
                """
                {"metadata": {
                   "annotations": {"ossmount.io/restarts-before-change": "3", "ossmount.io/template": "image=1,resources=2"},
                   "labels": {"app.kubernetes.io/version": "2"},
                   "resourceVersion": "7", "uid": "uid-of-training-data-n1"},
                 "spec": {"containers": [{"image": "cache:2", "name": "cache"}]}}
                """));
  }

  @Test
  void anImageThatThePodHasAlreadyRestartsNothing() {
    // given
    var has =
        new ObservedContainer("id", "cache:2", 3, -1, true, RUNS.resources(), RUNS.resizing());

    // then
    assertThat(change("{}", has, "image").rest("7")).doesNotContain("restarts-before-change");
  }

  @Test
  void resourcesAreReplacedWhole() {
    // when
    var change = change(MORE_MEMORY, RUNS, "resources");

    // then
    assertThat(parse(change.resources("7").orElseThrow()))
        .isEqualTo(
            parse(
                """
                {"metadata": {"resourceVersion": "7", "uid": "uid-of-training-data-n1"},
                 "spec": {"containers": [
                   {"name": "cache", "resources": {"$patch": "replace", "limits": {"memory": "2Gi"}, "requests": {}}}]}}
                """));
    assertThat(parse(change.rest("8")))
        .isEqualTo(
            parse(
                """
                {"metadata": {
                   "annotations": {"ossmount.io/restarts-before-change": "3", "ossmount.io/template": "image=1,resources=2"},
                   "resourceVersion": "8", "uid": "uid-of-training-data-n1"}}
                """));
  }

  @Test
  void anotherCpuRestartsNothing() {
    assertThat(change(MORE_CPU, RUNS, "resources").rest("8"))
        .doesNotContain("restarts-before-change");
  }

  @Test
  void memoryThatKubeletNeverGaveIsTakenBackWithoutARestart() {
    // given
    var stuck = Scene.container(3, 3, new Resizing(true, "Infeasible"));
    var cache = "{resources: {requests: {memory: 1Gi}, limits: {memory: 1Gi}}}";

    // then
    assertThat(change(cache, stuck, "resources").rest("8"))
        .contains("\"ossmount.io/restarts-before-change\":null");
  }

  private static Object parse(String json) {
    return Serialization.unmarshal(json, Object.class);
  }
}
