package io.ossmount.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSException;
import com.aliyun.oss.common.comm.SignVersion;
import com.aliyun.oss.model.AppendObjectRequest;
import com.aliyun.oss.model.CopyObjectRequest;
import com.aliyun.oss.model.DeleteObjectsRequest;
import com.aliyun.oss.model.GetObjectRequest;
import com.aliyun.oss.model.ListObjectsV2Request;
import com.aliyun.oss.model.ListObjectsV2Result;
import com.aliyun.oss.model.OSSObject;
import com.aliyun.oss.model.OSSObjectSummary;
import com.aliyun.oss.model.ObjectMetadata;
import com.aliyun.oss.model.PutObjectRequest;
import io.ossmount.emulator.api.Operation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SdkObjectsIT {
  private static final String BUCKET = "bucket";

  @Nested
  class WithV4Signatures extends Contract {
    WithV4Signatures() {
      super(SignVersion.V4);
    }
  }

  @Nested
  class WithV1Signatures extends Contract {
    WithV1Signatures() {
      super(SignVersion.V1);
    }
  }

  abstract static class Contract {
    private final SignVersion version;
    @TempDir Path directory;
    private OssEmulator emulator;
    private OSS oss;

    @SuppressWarnings("NullAway.Init") // set before each test
    Contract(SignVersion version) {
      this.version = version;
    }

    @BeforeEach
    void start() throws IOException {
      emulator =
          OssEmulator.builder()
              .directory(directory)
              .bucket(BUCKET)
              .accessKey(SdkClients.ID, SdkClients.SECRET)
              .start();
      oss = SdkClients.client(emulator, version);
    }

    @AfterEach
    void stop() {
      oss.shutdown();
      emulator.close();
    }

    private void put(String key, String content) {
      byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
      oss.putObject(BUCKET, key, new ByteArrayInputStream(bytes));
    }

    private String get(String key) throws IOException {
      try (OSSObject object = oss.getObject(BUCKET, key)) {
        return new String(object.getObjectContent().readAllBytes(), StandardCharsets.UTF_8);
      }
    }

    /** Asked for encoded names, the SDK hands them on as they are. */
    private static List<String> decoded(List<String> names) {
      return names.stream().map(name -> URLDecoder.decode(name, StandardCharsets.UTF_8)).toList();
    }

    @Test
    void anObjectComesBackWithItsMetadata() throws IOException {
      ObjectMetadata metadata = new ObjectMetadata();
      metadata.setContentType("text/plain; charset=utf-8");
      metadata.addUserMetadata("mode", "0644");
      // the SDK's HTTP client breaks bytes from 0x80 to 0x9f in headers: none of these here
      metadata.addUserMetadata("name", "über 你好");
      byte[] bytes = "hello".getBytes(StandardCharsets.UTF_8);
      String etag =
          oss.putObject(BUCKET, "a/b c+d%.txt", new ByteArrayInputStream(bytes), metadata)
              .getETag();

      ObjectMetadata head = oss.headObject(BUCKET, "a/b c+d%.txt");
      assertThat(get("a/b c+d%.txt")).isEqualTo("hello");
      assertThat(etag).isEqualTo("5D41402ABC4B2A76B9719D911017C592");
      assertThat(head.getETag()).isEqualTo(etag);
      assertThat(head.getContentLength()).isEqualTo(5);
      assertThat(head.getContentType()).isEqualTo("text/plain; charset=utf-8");
      assertThat(head.getUserMetadata())
          .containsEntry("mode", "0644")
          .containsEntry("name", "über 你好");
      assertThat(head.getObjectType()).isEqualTo("Normal");
      assertThat(emulator.requests().count(Operation.GET_OBJECT)).isEqualTo(1);
      assertThat(emulator.requests().bytesOut(Operation.GET_OBJECT)).isEqualTo(5);
    }

    @Test
    void aMissingObjectIsNoSuchKey() {
      assertThatThrownBy(() -> oss.getObject(BUCKET, "no"))
          .isInstanceOfSatisfying(
              OSSException.class, e -> assertThat(e.getErrorCode()).isEqualTo("NoSuchKey"));
      assertThat(oss.doesObjectExist(BUCKET, "no")).isFalse();
      assertThatThrownBy(() -> oss.headObject(BUCKET, "no"))
          .isInstanceOfSatisfying(
              OSSException.class, e -> assertThat(e.getErrorCode()).isEqualTo("NoSuchKey"));
    }

    @Test
    void rangesAreRead() throws IOException {
      put("r", "0123456789");
      GetObjectRequest request = new GetObjectRequest(BUCKET, "r");
      request.setRange(3, 5);
      try (OSSObject object = oss.getObject(request)) {
        assertThat(object.getObjectContent().readAllBytes()).asString().isEqualTo("345");
      }
      request.setRange(5, 100);
      try (OSSObject object = oss.getObject(request)) {
        assertThat(object.getObjectContent().readAllBytes()).hasSize(10);
      }
      request.addHeader("x-oss-range-behavior", "standard");
      try (OSSObject object = oss.getObject(request)) {
        assertThat(object.getObjectContent().readAllBytes()).asString().isEqualTo("56789");
      }
    }

    @Test
    void ifMatchTellsVersionsApart() {
      put("v", "one");
      String etag = oss.headObject(BUCKET, "v").getETag();
      put("v", "two");
      GetObjectRequest request = new GetObjectRequest(BUCKET, "v");
      request.setMatchingETagConstraints(List.of(etag));
      assertThatThrownBy(() -> oss.getObject(request))
          .isInstanceOfSatisfying(
              OSSException.class,
              e -> assertThat(e.getErrorCode()).isEqualTo("PreconditionFailed"));
    }

    @Test
    void listingFoldsDirectoriesAndGoesOnAcrossPages() {
      for (String key : List.of("a", "b/1", "b/2", "c", "d/x", "d/y/z", "e f+g", "ü", "z\u0001")) {
        put(key, key);
      }
      List<String> names = new ArrayList<>();
      ListObjectsV2Request request = new ListObjectsV2Request(BUCKET);
      request.setDelimiter("/");
      request.setMaxKeys(2);
      request.setEncodingType("url");
      ListObjectsV2Result page;
      do {
        page = oss.listObjectsV2(request);
        page.getObjectSummaries().stream().map(OSSObjectSummary::getKey).forEach(names::add);
        names.addAll(page.getCommonPrefixes());
        request.setContinuationToken(page.getNextContinuationToken());
      } while (page.isTruncated());
      assertThat(decoded(names))
          .containsExactlyInAnyOrder("a", "b/", "c", "d/", "e f+g", "z\u0001", "ü");
      assertThat(oss.listObjects(BUCKET, "d/").getObjectSummaries())
          .extracting(OSSObjectSummary::getKey)
          .containsExactly("d/x", "d/y/z");
    }

    @Test
    void copiesKeepOrReplaceMetadata() throws IOException {
      ObjectMetadata metadata = new ObjectMetadata();
      metadata.addUserMetadata("uid", "7");
      oss.putObject(BUCKET, "source ü", new ByteArrayInputStream(new byte[] {65}), metadata);
      oss.copyObject(BUCKET, "source ü", BUCKET, "kept");
      CopyObjectRequest replacing = new CopyObjectRequest(BUCKET, "source ü", BUCKET, "replaced");
      ObjectMetadata other = new ObjectMetadata();
      other.addUserMetadata("uid", "8");
      replacing.setNewObjectMetadata(other);
      oss.copyObject(replacing);

      assertThat(oss.headObject(BUCKET, "kept").getUserMetadata()).containsEntry("uid", "7");
      assertThat(oss.headObject(BUCKET, "replaced").getUserMetadata()).containsEntry("uid", "8");
      oss.copyObject(BUCKET, "replaced", BUCKET, "replaced");
      assertThat(oss.headObject(BUCKET, "replaced").getUserMetadata()).isEmpty();
      oss.deleteObject(BUCKET, "source ü");
      assertThat(get("kept")).isEqualTo("A");
    }

    @Test
    void manyObjectsAreDeletedAtOnce() {
      List<String> keys = List.of("x<&>", "y\u0001z", "ü", "none");
      keys.stream().limit(3).forEach(key -> put(key, key));
      List<String> deleted =
          oss.deleteObjects(new DeleteObjectsRequest(BUCKET).withKeys(keys).withEncodingType("url"))
              .getDeletedObjects();
      assertThat(decoded(deleted)).containsExactlyElementsOf(keys);
      assertThat(oss.listObjectsV2(BUCKET).getKeyCount()).isZero();
      oss.deleteObjects(new DeleteObjectsRequest(BUCKET).withKeys(keys).withQuiet(true));
    }

    @Test
    void appendsGoToTheEndOnly() throws IOException {
      for (int i = 0; i < 300; i++) {
        byte[] digit = Integer.toString(i % 10).getBytes(StandardCharsets.UTF_8);
        AppendObjectRequest request =
            new AppendObjectRequest(BUCKET, "log", new ByteArrayInputStream(digit));
        request.setPosition((long) i);
        assertThat(oss.appendObject(request).getNextPosition()).isEqualTo(i + 1L);
      }
      assertThat(get("log")).isEqualTo("0123456789".repeat(30));
      AppendObjectRequest wrong =
          new AppendObjectRequest(BUCKET, "log", new ByteArrayInputStream(new byte[1]));
      wrong.setPosition(7L);
      assertThatThrownBy(() -> oss.appendObject(wrong))
          .isInstanceOfSatisfying(
              OSSException.class,
              e -> assertThat(e.getErrorCode()).isEqualTo("PositionNotEqualToLength"));
    }

    @Test
    void symlinksAreFollowed() throws IOException {
      put("target ü", "content");
      oss.createSymlink(BUCKET, "link", "target ü");
      assertThat(get("link")).isEqualTo("content");
      assertThat(oss.getSymlink(BUCKET, "link").getTarget()).isEqualTo("target ü");
      oss.deleteObject(BUCKET, "target ü");
      assertThatThrownBy(() -> get("link"))
          .isInstanceOfSatisfying(
              OSSException.class,
              e -> assertThat(e.getErrorCode()).isEqualTo("SymlinkTargetNotExist"));
    }

    @Test
    void forbiddenOverwritesAreRefused() {
      put("once", "1");
      ObjectMetadata metadata = new ObjectMetadata();
      metadata.setHeader("x-oss-forbid-overwrite", "true");
      PutObjectRequest request =
          new PutObjectRequest(BUCKET, "once", new ByteArrayInputStream(new byte[1]), metadata);
      assertThatThrownBy(() -> oss.putObject(request))
          .isInstanceOfSatisfying(
              OSSException.class, e -> assertThat(e.getErrorCode()).isEqualTo("FileAlreadyExists"));
    }

    @Test
    void bucketsAreMadeListedAndDeleted() {
      oss.createBucket("second-bucket");
      assertThat(oss.listBuckets()).extracting(b -> b.getName()).contains("second-bucket");
      assertThat(oss.doesBucketExist("second-bucket")).isTrue();
      assertThat(oss.doesBucketExist("third-bucket")).isFalse();
      assertThat(oss.getBucketLocation("second-bucket")).isEqualTo("oss-cn-hangzhou");
      assertThat(oss.getBucketInfo("second-bucket").getBucket().getName())
          .isEqualTo("second-bucket");
      oss.putObject("second-bucket", "x", new ByteArrayInputStream(new byte[1]));
      assertThatThrownBy(() -> oss.deleteBucket("second-bucket"))
          .isInstanceOfSatisfying(
              OSSException.class, e -> assertThat(e.getErrorCode()).isEqualTo("BucketNotEmpty"));
      oss.deleteObject("second-bucket", "x");
      oss.deleteBucket("second-bucket");
      assertThatThrownBy(() -> oss.listObjectsV2("second-bucket"))
          .isInstanceOfSatisfying(
              OSSException.class, e -> assertThat(e.getErrorCode()).isEqualTo("NoSuchBucket"));
    }
  }
}
