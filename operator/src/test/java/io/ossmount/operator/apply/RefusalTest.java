package io.ossmount.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalTest {
  private static KubernetesClientException answer(int code, String message) {
    return new KubernetesClientException(
        message, code, new StatusBuilder().withCode(code).withMessage(message).build());
  }

  private static KubernetesClientException notFound(String name) {
    return new KubernetesClientException(
        "not found",
        404,
        new StatusBuilder().withCode(404).withNewDetails().withName(name).endDetails().build());
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 422})
  void whatIsNotAllowedIsToldInTheApiServersWords(int code) {
    assertThat(Refusal.words(answer(code, "exceeded quota"))).isEqualTo("exceeded quota");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 409, 429, 500, 503})
  void anythingElseIsAFault(int code) {
    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(() -> Refusal.words(answer(code, "no")));
  }

  @Test
  void aPodThatIsGoneOrAnotherIsOutdated() {
    assertThat(Refusal.isOutdated(notFound("pod-1"), "pod-1")).isTrue();
    assertThat(Refusal.isOutdated(answer(409, "the object has been modified"), "pod-1")).isTrue();
  }

  /** What API servers answer that have no pods/resize, or have it turned off. */
  @Test
  void anAddressThatIsNotKnownIsNoPodThatIsGone() {
    // given
    var status =
        new StatusBuilder()
            .withCode(404)
            .withReason("NotFound")
            .withMessage("the server could not find the requested resource")
            .withNewDetails()
            .endDetails()
            .build();

    // then
    assertThat(Refusal.isOutdated(new KubernetesClientException("no", 404, status), "pod-1"))
        .isFalse();
  }
}
