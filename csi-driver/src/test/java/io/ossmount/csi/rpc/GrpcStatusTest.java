package io.ossmount.csi.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import csi.v1.NodePublishVolumeRequest;
import io.grpc.Status.Code;
import io.ossmount.csi.volume.VolumeException;
import io.ossmount.csi.volume.VolumeException.Busy;
import io.ossmount.csi.volume.VolumeException.InvalidRequest;
import io.ossmount.csi.volume.VolumeException.NodeFault;
import io.ossmount.csi.volume.VolumeException.NotAllowed;
import io.ossmount.csi.volume.VolumeException.NotFound;
import io.ossmount.csi.volume.VolumeException.PublishedOtherwise;
import io.ossmount.csi.volume.VolumeException.Unavailable;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class GrpcStatusTest {
  private static final Map<VolumeException, Code> CODES =
      Map.of(
          new InvalidRequest("m"), Code.INVALID_ARGUMENT,
          new NotFound("m"), Code.NOT_FOUND,
          new NotAllowed("m"), Code.PERMISSION_DENIED,
          new PublishedOtherwise("m"), Code.ALREADY_EXISTS,
          new Unavailable("m"), Code.UNAVAILABLE,
          new Busy("m"), Code.ABORTED,
          new NodeFault("m"), Code.INTERNAL);

  @Test
  void every_failure_has_its_code_and_keeps_its_words() {
    assertThat(CODES).hasSize(VolumeException.class.getPermittedSubclasses().length);
    CODES.forEach((failure, code) -> {
      assertThat(GrpcStatus.of(failure).getCode()).isEqualTo(code);
      assertThat(GrpcStatus.of(failure).getDescription()).isEqualTo("m");
    });
  }

  @Test
  void what_nobody_foresaw_is_internal_and_shows_nothing_of_its_text() {
    var status = GrpcStatus.of(new IllegalStateException("secret"));

    assertThat(status.getCode()).isEqualTo(Code.INTERNAL);
    assertThat(status.getDescription()).doesNotContain("secret").contains("IllegalStateException");
  }

  @Test
  void a_logged_request_has_no_secrets_and_no_context() {
    var request =
        NodePublishVolumeRequest.newBuilder()
            .setVolumeId("v-1")
            .setTargetPath("/k/t")
            .putSecrets("accessKeySecret", "hush")
            .putVolumeContext("csi.storage.k8s.io/serviceAccount.tokens", "token")
            .build();

    assertThat(CallLog.describe(request)).contains("v-1", "/k/t").doesNotContain("hush", "token");
  }
}
