package io.ossmount.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.e2e.cluster.CsiSanity;
import org.junit.jupiter.api.Test;

/** csi-sanity, the suite of the CSI authors, against the deployed driver with real mounts. */
final class SanityE2E {
  @Test
  void theDriverPassesWhatItsCapabilitiesSelect() {
    try (TestBed bed = TestBed.create("e2e-sanity")) {
      // given
      bed.mount("files", "cache: {replicas: 2}");
      bed.space().awaitReady("files");

      // when
      var result = CsiSanity.run(bed.cluster(), bed.space().namespace() + "/files");

      // then
      assertThat(result.status()).as(result::output).isZero();
      assertThat(result.output()).containsPattern("Ran [1-9][0-9]* of");
    }
  }
}
