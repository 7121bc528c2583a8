package io.ossmount.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.operator.plan.Template;
import io.ossmount.operator.scene.Scene;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CachePodTest {
  private static CachePodSettings settings(String image, String logLevel) {
    return new CachePodSettings(image, "IfNotPresent", List.of(), "", "ossmount.io", logLevel, "1");
  }

  private static Template template(String cache, CachePodSettings settings) {
    return CachePod.template(Scene.MOUNT, new Scene().cache(cache).observed().spec(), settings);
  }

  private static List<String> changed(Template one, Template other) {
    return one.parts().entrySet().stream()
        .filter(part -> !Objects.equals(other.parts().get(part.getKey()), part.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toList());
  }

  @Test
  void aTemplateNamesWhatHasChanged() {
    // given
    var before = template("{}", settings("cache:1", "INFO"));

    // then
    assertThat(changed(before, template("{}", settings("cache:1", "INFO")))).isEmpty();
    assertThat(changed(before, template("{}", settings("cache:2", "INFO"))))
        .containsExactly("image");
    assertThat(changed(before, template("{}", settings("cache:1", "DEBUG"))))
        .containsExactly("pod");
    assertThat(
            changed(
                before,
                template("{resources: {limits: {memory: 2Gi}}}", settings("cache:1", "INFO"))))
        .containsExactly("resources");
    assertThat(
            changed(
                before, template("{imagePullSecrets: [{name: x}]}", settings("cache:1", "INFO"))))
        .containsExactly("imagePullSecrets");
  }

  @Test
  void whatDoesNotReachThePodChangesNoTemplate() {
    // given
    var before = template("{}", settings("cache:1", "INFO"));

    // then
    assertThat(
            template(
                "{size: 1Gi, keepFree: 1Gi, replicas: 7, idleTimeout: 1s, nodeSelector: {a: b}}",
                settings("cache:1", "INFO")))
        .isEqualTo(before);
  }
}
