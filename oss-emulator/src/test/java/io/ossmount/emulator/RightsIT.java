package io.ossmount.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.aliyun.oss.OSS;
import com.aliyun.oss.common.auth.DefaultCredentials;
import com.aliyun.oss.common.comm.SignVersion;
import com.aliyun.oss.model.CopyObjectRequest;
import com.aliyun.oss.model.DeleteObjectsRequest;
import com.aliyun.oss.model.UploadPartRequest;
import io.ossmount.emulator.auth.AccessKey;
import io.ossmount.emulator.auth.Rights;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RightsIT extends SingleEmulator {
  private OSS client(Rights rights) {
    emulator.keys().put(AccessKey.of("other", "secret", rights));
    return SdkClients.client(emulator, "other", "secret", SdkClients.configuration(SignVersion.V4));
  }

  private static String writeProbe(OSS client, String key) {
    return code(() ->
        client.uploadPart(
            new UploadPartRequest(
                BUCKET, key, "bogus", 1, new ByteArrayInputStream(new byte[1]), 1)));
  }

  @Test
  void aReadOnlyKeyReadsAndListsAndNothingElse() throws IOException {
    put("k", new byte[3]);
    OSS client = client(Rights.READ_ONLY);
    assertThat(get(client, "k")).hasSize(3);
    assertThat(client.listObjectsV2(BUCKET).getKeyCount()).isEqualTo(1);
    assertThat(client.getBucketInfo(BUCKET).getBucket().getName()).isEqualTo(BUCKET);
    assertThat(code(() -> client.deleteObject(BUCKET, "k"))).isEqualTo("AccessDenied");
    assertThat(code(() -> client.putObject(BUCKET, "k", new ByteArrayInputStream(new byte[1]))))
        .isEqualTo("AccessDenied");
    assertThat(code(() -> client.createBucket("another"))).isEqualTo("AccessDenied");
    client.shutdown();
  }

  /** Who may write is told apart without writing: rights are checked before the upload's id. */
  @Test
  void theWriteProbeTellsRightsApart() {
    assertThat(writeProbe(oss, "k")).isEqualTo("NoSuchUpload");
    OSS client = client(Rights.READ_ONLY);
    assertThat(writeProbe(client, "k")).isEqualTo("AccessDenied");
    emulator.keys().setRights("other", Rights.FULL.below("mine/"));
    assertThat(writeProbe(client, "k")).isEqualTo("AccessDenied");
    assertThat(writeProbe(client, "mine/k")).isEqualTo("NoSuchUpload");
    client.shutdown();
  }

  @Test
  void aKeyWithoutListRightReadsAndWrites() throws IOException {
    OSS client = client(Rights.NO_LIST);
    client.putObject(BUCKET, "k", new ByteArrayInputStream(new byte[2]));
    assertThat(get(client, "k")).hasSize(2);
    assertThat(code(() -> client.listObjectsV2(BUCKET))).isEqualTo("AccessDenied");
    assertThat(code(() -> client.getBucketInfo(BUCKET))).isEqualTo("AccessDenied");
    client.shutdown();
  }

  @Test
  void aPrefixBoundsEverything() throws IOException {
    put("theirs/k", new byte[1]);
    OSS client = client(Rights.FULL.below("mine/"));
    client.putObject(BUCKET, "mine/k", new ByteArrayInputStream(new byte[2]));
    assertThat(get(client, "mine/k")).hasSize(2);
    assertThat(client.listObjectsV2(BUCKET, "mine/").getKeyCount()).isEqualTo(1);
    assertThat(code(() -> client.listObjectsV2(BUCKET, ""))).isEqualTo("AccessDenied");
    assertThat(code(() -> get(client, "theirs/k"))).isEqualTo("AccessDenied");
    CopyObjectRequest copy = new CopyObjectRequest(BUCKET, "theirs/k", BUCKET, "mine/c");
    assertThat(code(() -> client.copyObject(copy))).isEqualTo("AccessDenied");
    DeleteObjectsRequest delete =
        new DeleteObjectsRequest(BUCKET).withKeys(List.of("mine/k", "theirs/k"));
    assertThat(code(() -> client.deleteObjects(delete))).isEqualTo("AccessDenied");
    assertThat(get(client, "mine/k")).hasSize(2);
    client.shutdown();
  }

  @Test
  void keysChangeWhileItRuns() throws IOException {
    put("k", new byte[1]);
    OSS client = client(Rights.FULL);
    assertThat(get(client, "k")).hasSize(1);
    emulator.keys().disable("other");
    assertThat(code(() -> get(client, "k"))).isEqualTo("InvalidAccessKeyId");
    emulator.keys().enable("other");
    assertThat(get(client, "k")).hasSize(1);
    emulator.keys().put(AccessKey.of("other", "new secret"));
    assertThat(code(() -> get(client, "k"))).isEqualTo("SignatureDoesNotMatch");
    emulator.keys().remove("other");
    assertThat(code(() -> get(client, "k"))).isEqualTo("InvalidAccessKeyId");
    client.shutdown();
  }

  @Test
  void securityTokensAreAsked() throws IOException {
    put("k", new byte[1]);
    emulator.keys().put(AccessKey.of("sts", "secret").withSecurityToken("token"));
    for (SignVersion version : List.of(SignVersion.V1, SignVersion.V4)) {
      OSS client = SdkClients.client(emulator, "sts", "secret", SdkClients.configuration(version));
      assertThat(code(() -> get(client, "k"))).isEqualTo("InvalidSecurityToken");
      client.switchCredentials(new DefaultCredentials("sts", "secret", "token"));
      assertThat(get(client, "k")).hasSize(1);
      client.shutdown();
    }
  }
}
