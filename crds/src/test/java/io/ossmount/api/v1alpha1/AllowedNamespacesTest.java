package io.ossmount.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowedNamespacesTest {
  @Test
  void onlyTheOwnNamespaceIsPermittedByDefault() {
    // given
    var allowed = read("{}");

    // then
    assertThat(allowed.permit("ml", "ml", Map.of())).isTrue();
    assertThat(allowed.permit("ml", "web", Map.of())).isFalse();
  }

  @Test
  void allPermitsEveryNamespace() {
    // given
    var allowed = read("{from: All}");

    // then
    assertThat(allowed.permit("ml", "web", Map.of())).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "'{matchLabels: {team: vision}}', true",
    "'{matchLabels: {team: speech}}', false",
    "'{matchExpressions: [{key: team, operator: In, values: [vision, speech]}]}', true",
    "'{matchExpressions: [{key: team, operator: NotIn, values: [vision]}]}', false",
    "'{matchExpressions: [{key: other, operator: NotIn, values: [vision]}]}', true",
    "'{matchExpressions: [{key: team, operator: Exists}]}', true",
    "'{matchExpressions: [{key: team, operator: DoesNotExist}]}', false",
    "'{matchLabels: {team: vision}, matchExpressions: [{key: x, operator: Exists}]}', false",
    "'{}', true",
  })
  void aSelectorPermitsTheNamespacesWhoseLabelsItMatches(String selector, boolean permitted) {
    // given
    var allowed = read("{from: Selector, selector: " + selector + "}");

    // then
    assertThat(allowed.permit("ml", "web", Map.of("team", "vision"))).isEqualTo(permitted);
    assertThat(allowed.permit("ml", "ml", Map.of())).isTrue();
  }

  private static AllowedNamespaces read(String yaml) {
    return Serialization.unmarshal("---\n" + yaml, AllowedNamespaces.class);
  }
}
