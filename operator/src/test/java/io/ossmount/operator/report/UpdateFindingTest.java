package io.ossmount.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.operator.plan.PendingUpdate.Progress;
import io.ossmount.operator.plan.PendingUpdate.Replacing;
import io.ossmount.operator.plan.PendingUpdate.Rolling;
import io.ossmount.operator.plan.PendingUpdate.Stopped;
import io.ossmount.operator.plan.PendingUpdate.Waiting;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpdateFindingTest {
  private static Finding pending(String reason, String message) {
    return Finding.yes("UpdatePending", reason, message);
  }

  @Test
  void nothingIsPending() {
    assertThat(UpdateFinding.of(null))
        .isEqualTo(Finding.no("UpdatePending", "UpToDate", "all cache pods are as the spec says"));
  }

  @Test
  void theNodesThatAreDoneAndTheNextAreNamed() {
    assertThat(UpdateFinding.of(new Rolling(new Progress(List.of("n1"), 3), "n2", null)))
        .isEqualTo(pending("Updating", "1 of 3 nodes updated: n1; next n2"));
    assertThat(UpdateFinding.of(new Rolling(new Progress(List.of(), 3), "n1", "n3")))
        .isEqualTo(
            pending(
                "Updating", "0 of 3 nodes updated; next n1, once the cache pod of n3 is ready"));
  }

  @Test
  void whatStopsItIsTold() {
    assertThat(
            UpdateFinding.of(
                new Stopped(new Progress(List.of("n1"), 3), "n2", "cache pod x is not ready: no")))
        .isEqualTo(
            pending(
                "UpdateStopped",
                "1 of 3 nodes updated: n1; stopped at n2, where cache pod x is not ready: no;"
                    + " the other nodes keep what they have"));
  }

  @Test
  void whatWaitsNamesWhatAndWhy() {
    assertThat(UpdateFinding.of(new Waiting(List.of("pod"), List.of("pv-a"), null)))
        .isEqualTo(
            pending(
                "VolumesInUse",
                "changed pod needs new cache pods, which wait while volumes are in use: pv-a"));
    assertThat(UpdateFinding.of(new Waiting(List.of("resources"), List.of("pv-a"), "no")))
        .satisfies(finding ->
            assertThat(finding.message())
                .endsWith("pv-a; the API server refuses to change the pods that run: no"));
  }

  @Test
  void whatWaitsForUploadsSaysSo() {
    assertThat(UpdateFinding.of(new Waiting(List.of("pod"), List.of(), null)))
        .isEqualTo(
            pending(
                "Uploading",
                "changed pod needs new cache pods, which wait until what was written is in OSS"));
  }

  @Test
  void replacingIsTold() {
    assertThat(UpdateFinding.of(new Replacing(List.of("image", "pod"))))
        .isEqualTo(
            pending("Replacing", "cache pods are replaced one at a time for changed image, pod"));
  }
}
