package io.ossmount.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.operator.control.PendingFigures;
import io.ossmount.operator.control.PodReport;
import io.ossmount.operator.observe.Memory;
import io.ossmount.operator.scene.Scene;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeletionTest {
  private static final Memory TWO_ON_N1 =
      Memory.NONE.withUploads(Map.of("n1", new PendingFigures(2, 2, Scene.START, null)));

  private final Scene scene = new Scene().nodes("n1");

  private boolean waits(boolean namespaceEnds) {
    var observed = scene.observed();
    return new Deletion(observed.uploads(), observed.pods(), observed.reports())
        .waits(() -> namespaceEnds);
  }

  @Test
  void whatHasUploadedAllIsNotWaitedFor() {
    // given
    scene.remembering(TWO_ON_N1).servingPod("n1");

    // then
    assertThat(waits(false)).isFalse();
  }

  @Test
  void whatWasNotAskedYetIsWaitedFor() {
    // given
    scene.pod("n1", pod -> pod).report("n1", PodReport.NONE);

    // then
    assertThat(waits(true)).isTrue();
  }

  @Test
  void whatNeverAnsweredAndIsNotKnownToHaveAnythingIsNotWaitedFor() {
    // given
    scene.pod("n1", pod -> pod).report("n1", PodReport.NONE).fallsSilent("n1");

    // then
    assertThat(waits(false)).isFalse();
  }

  @Test
  void aPodThatUploadsIsWaitedForAlsoWhenItFallsSilent() {
    // given
    scene.servingPod("n1").uploads("n1", 2, Scene.START, "Reachable");

    // then
    assertThat(waits(true)).isTrue();
    scene.fallsSilent("n1");
    assertThat(waits(true)).isTrue();
  }

  @Test
  void aNodeWithoutAPodIsWaitedForAsLongAsOneCanBeMade() {
    // given
    scene.remembering(TWO_ON_N1);

    // then
    assertThat(waits(false)).isTrue();
    assertThat(waits(true)).isFalse();
  }

  @Test
  void whatIsGivenUpIsNotWaitedFor() {
    // given
    scene.remembering(TWO_ON_N1).forgetting("n1");

    // then
    assertThat(waits(false)).isFalse();
  }
}
