package io.ossmount.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.api.Annotations;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.operator.control.PendingFigures;
import io.ossmount.operator.scene.Scene;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PendingUploadsTest {
  private static final PendingFigures TWO = new PendingFigures(2 << 20, 2, Scene.START, null);

  private final Scene scene = new Scene().nodes("n1");

  private Scene remembering(String node) {
    return scene.remembering(Memory.NONE.withUploads(Map.of(node, TWO)));
  }

  private PendingUploads uploads() {
    return scene.observed().uploads();
  }

  @Test
  void whatAPodSaysGoesBeforeWhatIsRemembered() {
    // given
    remembering("n1").servingPod("n1");

    // when
    var done = uploads();
    scene.uploads("n1", 3, Scene.START, "Reachable");

    // then
    assertThat(done.isEmpty()).isTrue();
    assertThat(uploads().total().objects()).isEqualTo(3);
  }

  @Test
  void withoutAnAnswerWhatIsRememberedCounts() {
    // given
    remembering("n1");

    // then
    assertThat(uploads().byNode()).isEqualTo(Map.of("n1", TWO));
    scene.pod("n1", pod -> pod);
    assertThat(uploads().byNode()).isEqualTo(Map.of("n1", TWO));
    scene.fallsSilent("n2");
    assertThat(uploads().byNode()).isEqualTo(Map.of("n1", TWO));
  }

  @Test
  void whatAPodSaidBeforeItFellSilentCounts() {
    // given
    scene.servingPod("n1").uploads("n1", 3, Scene.START, "Reachable").fallsSilent("n1");

    // then
    assertThat(uploads().total().objects()).isEqualTo(3);
    assertThat(uploads().answering()).isEmpty();
  }

  @Test
  void whatIsGivenUpDoesNotCountUnlessThePodAnswers() {
    // given
    remembering("n1").forgetting("n1", "n2");

    // when
    var silent = uploads();
    scene.servingPod("n1").uploads("n1", 3, Scene.START, "Reachable");
    var answering = uploads();

    // then
    assertThat(silent.isEmpty()).isTrue();
    assertThat(silent.forgotten()).isEqualTo(Map.of("n1", TWO));
    assertThat(answering.total().objects()).isEqualTo(3);
    assertThat(answering.forgotten()).isEmpty();
  }

  @Test
  void whatAPodSaidBeforeItFellSilentWouldComeBackWithoutTheAnnotation() {
    // given
    remembering("n1").servingPod("n1").uploads("n1", 3, Scene.START, "Reachable").forgetting("n1");

    // when
    var silent = scene.fallsSilent("n1").observed();
    var gone = scene.podOfGone("n1").observed();

    // then
    assertThat(silent.uploads().isEmpty()).isTrue();
    assertThat(silent.hasForgotten()).isFalse();
    assertThat(gone.hasForgotten()).isTrue();
  }

  @Test
  void theAnnotationNamesNodes() {
    // given
    var mount = new OssMount();

    // then
    assertThat(PendingUploads.forgetting(mount)).isEmpty();
    mount.getMetadata().setAnnotations(Map.of(Annotations.FORGET_PENDING, " n1,n2 ,, "));
    assertThat(PendingUploads.forgetting(mount)).containsExactlyInAnyOrder("n1", "n2");
  }
}
