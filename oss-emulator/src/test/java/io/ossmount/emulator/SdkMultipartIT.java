package io.ossmount.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSException;
import com.aliyun.oss.common.comm.SignVersion;
import com.aliyun.oss.model.AbortMultipartUploadRequest;
import com.aliyun.oss.model.CompleteMultipartUploadRequest;
import com.aliyun.oss.model.InitiateMultipartUploadRequest;
import com.aliyun.oss.model.ListMultipartUploadsRequest;
import com.aliyun.oss.model.ListPartsRequest;
import com.aliyun.oss.model.MultipartUpload;
import com.aliyun.oss.model.OSSObject;
import com.aliyun.oss.model.ObjectMetadata;
import com.aliyun.oss.model.PartETag;
import com.aliyun.oss.model.PartSummary;
import com.aliyun.oss.model.UploadPartCopyRequest;
import com.aliyun.oss.model.UploadPartRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SdkMultipartIT {
  private static final String BUCKET = "bucket";
  private static final int PART = 100 * 1024;

  @TempDir Path directory;
  private OssEmulator emulator;
  private OSS oss;

  @SuppressWarnings("NullAway.Init") // set before each test
  SdkMultipartIT() {}

  @BeforeEach
  void start() throws IOException {
    emulator =
        OssEmulator.builder()
            .directory(directory)
            .bucket(BUCKET)
            .accessKey(SdkClients.ID, SdkClients.SECRET)
            .start();
    oss = SdkClients.client(emulator, SignVersion.V4);
  }

  @AfterEach
  void stop() {
    oss.shutdown();
    emulator.close();
  }

  private String initiate(String key) {
    ObjectMetadata metadata = new ObjectMetadata();
    metadata.addUserMetadata("mode", "33188");
    return oss.initiateMultipartUpload(new InitiateMultipartUploadRequest(BUCKET, key, metadata))
        .getUploadId();
  }

  private PartETag upload(String key, String id, int number, byte[] bytes) {
    return oss.uploadPart(
            new UploadPartRequest(
                BUCKET, key, id, number, new ByteArrayInputStream(bytes), bytes.length))
        .getPartETag();
  }

  private byte[] read(String key) throws IOException {
    try (OSSObject object = oss.getObject(BUCKET, key)) {
      return object.getObjectContent().readAllBytes();
    }
  }

  private static byte[] random(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void partsInAnyOrderBecomeOneObjectWhoseChecksumTheSdkAccepts() throws IOException {
    byte[] first = random(1, PART);
    byte[] second = random(2, PART + 17);
    byte[] last = random(3, 5);
    String id = initiate("big");
    List<PartETag> parts = new ArrayList<>();
    parts.add(upload("big", id, 7, last));
    parts.add(upload("big", id, 2, second));
    parts.add(upload("big", id, 1, random(9, 9)));
    parts.set(2, upload("big", id, 1, first));

    // the SDK combines the parts' CRC64 and compares
    String etag =
        oss.completeMultipartUpload(
                new CompleteMultipartUploadRequest(BUCKET, "big", id, parts.reversed()))
            .getETag();

    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.write(first);
    whole.write(second);
    whole.write(last);
    assertThat(read("big")).isEqualTo(whole.toByteArray());
    assertThat(etag).matches("[0-9A-F]{32}-3");
    ObjectMetadata head = oss.headObject(BUCKET, "big");
    assertThat(head.getObjectType()).isEqualTo("Multipart");
    assertThat(head.getUserMetadata()).containsEntry("mode", "33188");
    assertThat(emulator.buckets().bytesOnDisk()).isEqualTo(whole.size());
  }

  @Test
  void partsCanBeRangesOfObjects() throws IOException {
    byte[] source = random(4, 3 * PART);
    oss.putObject(BUCKET, "source ü", new ByteArrayInputStream(source));
    String id = initiate("joined");
    List<PartETag> parts = new ArrayList<>();
    UploadPartCopyRequest copy =
        new UploadPartCopyRequest(BUCKET, "source ü", BUCKET, "joined", id, 1, 10L, (long) PART);
    parts.add(oss.uploadPartCopy(copy).getPartETag());
    parts.add(upload("joined", id, 2, new byte[] {1, 2, 3}));
    oss.completeMultipartUpload(new CompleteMultipartUploadRequest(BUCKET, "joined", id, parts));
    byte[] joined = read("joined");
    assertThat(joined).hasSize(PART + 3).startsWith(source[10], source[11]).endsWith(1, 2, 3);
  }

  @Test
  void uploadsAndPartsAreListedAndAborted() {
    String id = initiate("a/one");
    initiate("b");
    upload("a/one", id, 1, new byte[10]);
    upload("a/one", id, 3, new byte[20]);
    ListMultipartUploadsRequest request = new ListMultipartUploadsRequest(BUCKET);
    request.setPrefix("a/");
    assertThat(oss.listMultipartUploads(request).getMultipartUploads())
        .extracting(MultipartUpload::getUploadId)
        .containsExactly(id);
    ListPartsRequest parts = new ListPartsRequest(BUCKET, "a/one", id);
    parts.setMaxParts(1);
    assertThat(oss.listParts(parts).getNextPartNumberMarker()).isEqualTo(1);
    parts.setPartNumberMarker(1);
    assertThat(oss.listParts(parts).getParts())
        .extracting(PartSummary::getPartNumber, PartSummary::getSize)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(3, 20L));
    oss.abortMultipartUpload(new AbortMultipartUploadRequest(BUCKET, "a/one", id));
    assertThat(code(() -> oss.listParts(parts))).isEqualTo("NoSuchUpload");
    assertThat(emulator.buckets().bytesOnDisk()).isZero();
  }

  @Test
  void wrongPartsAreRefused() {
    String id = initiate("k");
    PartETag one = upload("k", id, 1, new byte[10]);
    PartETag two = upload("k", id, 2, new byte[10]);
    assertThat(complete(id, one, two)).isEqualTo("EntityTooSmall");
    assertThat(complete(id, new PartETag(1, "0".repeat(32)))).isEqualTo("InvalidPart");
    assertThat(complete(id, new PartETag(5, one.getETag()))).isEqualTo("InvalidPart");
    assertThat(complete("0".repeat(32), one)).isEqualTo("NoSuchUpload");
    assertThat(code(() -> upload("k", "bogus", 1, new byte[1]))).isEqualTo("NoSuchUpload");
  }

  private String complete(String id, PartETag... parts) {
    return code(() ->
        oss.completeMultipartUpload(
            new CompleteMultipartUploadRequest(BUCKET, "k", id, new ArrayList<>(List.of(parts)))));
  }

  private static String code(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    List<String> codes = new ArrayList<>();
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(OSSException.class, e -> codes.add(e.getErrorCode()));
    return codes.getFirst();
  }

  @Test
  void uploadsAndObjectsSurviveARestart() throws IOException {
    String id = initiate("later");
    PartETag one = upload("later", id, 1, random(5, PART));
    oss.putObject(BUCKET, "kept\u0001/../x", new ByteArrayInputStream(random(6, 1000)));
    emulator.close();
    start();
    oss.completeMultipartUpload(
        new CompleteMultipartUploadRequest(BUCKET, "later", id, new ArrayList<>(List.of(one))));
    assertThat(read("later")).isEqualTo(random(5, PART));
    assertThat(read("kept\u0001/../x")).isEqualTo(random(6, 1000));
  }
}
