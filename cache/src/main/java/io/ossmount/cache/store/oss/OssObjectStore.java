package io.ossmount.cache.store.oss;

import com.aliyun.oss.OSS;
import com.aliyun.oss.model.AbortMultipartUploadRequest;
import com.aliyun.oss.model.CompleteMultipartUploadRequest;
import com.aliyun.oss.model.CopyObjectRequest;
import com.aliyun.oss.model.DeleteObjectsRequest;
import com.aliyun.oss.model.GetObjectRequest;
import com.aliyun.oss.model.HeadObjectRequest;
import com.aliyun.oss.model.InitiateMultipartUploadRequest;
import com.aliyun.oss.model.ListMultipartUploadsRequest;
import com.aliyun.oss.model.ListObjectsV2Request;
import com.aliyun.oss.model.OSSObject;
import com.aliyun.oss.model.PartETag;
import com.aliyun.oss.model.PutObjectRequest;
import com.aliyun.oss.model.UploadPartCopyRequest;
import com.aliyun.oss.model.UploadPartRequest;
import com.aliyun.oss.model.WebServiceRequest;
import io.ossmount.cache.config.MountSettings.Source;
import io.ossmount.cache.config.MountSettings.Timeouts;
import io.ossmount.cache.store.Content;
import io.ossmount.cache.store.ObjectBody;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.oss.OssErrors.Kind;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A bucket of OSS, by the OSS SDK. Each call is one request, made once, so that a copy is of 1 GiB
 * at most: repeating and cutting is {@link io.ossmount.cache.store.RetryingObjectStore}'s.
 * Thread-safe.
 *
 * <p>The CRC64 of what was sent is compared with the one that OSS answers. Of what is received, OSS
 * tells the CRC64 of the whole object only: {@link ObjectBody#objectCrc64()}.
 */
public final class OssObjectStore implements ObjectStore, AutoCloseable {
  private static final String CHECK_NAME = ".ossmount-check";
  private static final String RANGE_BEHAVIOUR = "x-oss-range-behavior";
  private static final String FORBID_OVERWRITE = "x-oss-forbid-overwrite";

  private final String bucket;
  private final @Nullable LazyClient client;

  private OssObjectStore(String bucket, @Nullable LazyClient client) {
    this.bucket = bucket;
    this.client = client;
  }

  /**
   * Does nothing yet but remember it. Without credentials every call is {@link
   * StoreException.Denied}.
   */
  public static OssObjectStore connect(Source source, Timeouts timeouts) {
    LazyClient client =
        source
            .credentials()
            .map(credentials ->
                new LazyClient(() -> OssClients.connect(source, credentials, timeouts)))
            .orElse(null);
    return new OssObjectStore(source.bucket(), client);
  }

  @Override
  public ListPage list(
      String prefix, boolean delimited, Optional<String> continuation, int maxKeys) {
    return call(
        Kind.LIST,
        "LIST",
        prefix,
        oss -> {
          ListObjectsV2Request request =
              new ListObjectsV2Request(bucket)
                  .withPrefix(prefix)
                  .withMaxKeys(maxKeys)
                  .withEncodingType(OssModel.URL_ENCODING);
          if (delimited) {
            request.setDelimiter("/");
          }
          continuation.ifPresent(request::setContinuationToken);
          return OssModel.page(oss.listObjectsV2(request));
        });
  }

  @Override
  public Optional<ObjectInfo> head(String key) {
    try {
      return Optional.of(
          call(
              Kind.READ,
              "HEAD",
              key,
              oss -> OssModel.info(key, oss.headObject(new HeadObjectRequest(bucket, key)))));
    } catch (StoreException.NotFound e) {
      return Optional.empty();
    }
  }

  @Override
  public ObjectBody get(ObjectVersion version, long offset, long length) {
    String key = version.key();
    long end = Math.min(version.size(), offset + length);
    if (offset >= end) {
      throw new StoreException.Invalid("%s/%s: no bytes at %d".formatted(bucket, key, offset));
    }
    return call(
        Kind.READ,
        "GET",
        key,
        oss -> {
          GetObjectRequest request = new GetObjectRequest(bucket, key).withRange(offset, end - 1);
          request.setMatchingETagConstraints(List.of(OssModel.quoted(version)));
          request.addHeader(RANGE_BEHAVIOUR, "standard");
          OSSObject object = oss.getObject(request);
          OssBody body = new OssBody(object, end - offset, doing("GET", key));
          long told = object.getObjectMetadata().getContentLength();
          if (told != end - offset) {
            body.close();
            throw new StoreException.Corrupted(
                "%s: asked for %d bytes, answered with %d"
                    .formatted(doing("GET", key), end - offset, told));
          }
          return body;
        });
  }

  @Override
  public ObjectInfo put(String key, Content content, ObjectMetadata metadata, Overwrite overwrite) {
    ContentStream stream = new ContentStream(content);
    return call(
        Kind.WRITE,
        "PUT",
        key,
        oss -> {
          var headers = OssModel.headers(metadata);
          headers.setContentLength(content.size());
          var request = new PutObjectRequest(bucket, key, stream, headers);
          say(overwrite, request);
          var result = oss.putObject(request);
          compare("PUT", key, stream.crc64(), result.getServerCRC());
          return OssModel.written(key, result.getETag(), content.size(), metadata, stream.crc64());
        });
  }

  @Override
  public ObjectInfo copy(ObjectVersion source, String target, Optional<ObjectMetadata> metadata) {
    return call(
        Kind.WRITE,
        "COPY to",
        target,
        oss -> {
          CopyObjectRequest request = new CopyObjectRequest(bucket, source.key(), bucket, target);
          request.setMatchingETagConstraints(List.of(OssModel.quoted(source)));
          metadata.ifPresent(given -> request.setNewObjectMetadata(OssModel.headers(given)));
          var result = oss.copyObject(request);
          return new ObjectInfo(
              new ObjectVersion(target, OssModel.unquoted(result.getETag()), source.size()),
              result.getLastModified().toInstant(),
              metadata.map(ObjectMetadata::user),
              Optional.ofNullable(result.getServerCRC()));
        });
  }

  @Override
  public void delete(String key) {
    call(Kind.WRITE, "DELETE", key, oss -> oss.deleteObject(bucket, key));
  }

  @Override
  public void deleteAll(List<String> keys) {
    List<String> plain = keys.stream().filter(OssModel::fitsIntoXml).toList();
    if (!plain.isEmpty()) {
      call(
          Kind.WRITE,
          "DELETE of %d objects from".formatted(plain.size()),
          plain.getFirst(),
          oss ->
              oss.deleteObjects(
                  new DeleteObjectsRequest(bucket)
                      .withKeys(plain)
                      .withQuiet(true)
                      .withEncodingType(OssModel.URL_ENCODING)));
    }
    keys.stream().filter(key -> !OssModel.fitsIntoXml(key)).forEach(this::delete);
  }

  @Override
  public String startUpload(String key, ObjectMetadata metadata) {
    return call(
        Kind.WRITE,
        "upload of",
        key,
        oss ->
            oss.initiateMultipartUpload(
                    new InitiateMultipartUploadRequest(bucket, key, OssModel.headers(metadata)))
                .getUploadId());
  }

  @Override
  public Part uploadPart(String key, String upload, int number, Content content) {
    ContentStream stream = new ContentStream(content);
    return call(
        Kind.WRITE,
        "part %d of".formatted(number),
        key,
        oss -> {
          var result =
              oss.uploadPart(
                  new UploadPartRequest(bucket, key, upload, number, stream, content.size()));
          compare("part %d of".formatted(number), key, stream.crc64(), result.getServerCRC());
          return new Part(
              number,
              OssModel.unquoted(result.getETag()),
              content.size(),
              Optional.of(stream.crc64()));
        });
  }

  @Override
  public Part copyPart(
      String key, String upload, int number, ObjectVersion source, long offset, long length) {
    return call(
        Kind.WRITE,
        "part %d of".formatted(number),
        key,
        oss -> {
          UploadPartCopyRequest request =
              new UploadPartCopyRequest(bucket, source.key(), bucket, key, upload);
          request.setPartNumber(number);
          request.setBeginIndex(offset);
          request.setPartSize(length);
          request.setMatchingETagConstraints(List.of(OssModel.quoted(source)));
          var result = oss.uploadPartCopy(request);
          return new Part(
              number,
              OssModel.unquoted(result.getETag()),
              length,
              Optional.ofNullable(result.getServerCRC()));
        });
  }

  @Override
  public ObjectInfo completeUpload(
      String key, String upload, List<Part> parts, Overwrite overwrite) {
    return call(
        Kind.WRITE,
        "upload of",
        key,
        oss -> {
          var request =
              new CompleteMultipartUploadRequest(
                  bucket,
                  key,
                  upload,
                  parts.stream()
                      .map(part -> new PartETag(part.number(), part.etag()))
                      .collect(Collectors.toCollection(ArrayList::new)));
          say(overwrite, request);
          var result = oss.completeMultipartUpload(request);
          Optional<Long> sent = Part.crc64(parts);
          sent.ifPresent(crc -> compare("upload of", key, crc, result.getServerCRC()));
          return new ObjectInfo(
              new ObjectVersion(
                  key,
                  OssModel.unquoted(result.getETag()),
                  parts.stream().mapToLong(Part::size).sum()),
              Instant.now(),
              Optional.empty(),
              sent.or(() -> Optional.ofNullable(result.getServerCRC())));
        });
  }

  @Override
  public void abortUpload(String key, String upload) {
    try {
      call(
          Kind.WRITE,
          "end of the upload of",
          key,
          oss -> oss.abortMultipartUpload(new AbortMultipartUploadRequest(bucket, key, upload)));
    } catch (StoreException.Invalid gone) {
      // NoSuchUpload: that is what was wanted.
    }
  }

  @Override
  public List<OpenUpload> uploads(String key) {
    return call(
        Kind.READ,
        "uploads of",
        key,
        oss -> {
          ListMultipartUploadsRequest request = new ListMultipartUploadsRequest(bucket);
          request.setPrefix(key);
          request.setEncodingType(OssModel.URL_ENCODING);
          // Those of this key come before those of longer ones: a page holds a thousand.
          return oss.listMultipartUploads(request).getMultipartUploads().stream()
              .filter(upload -> OssModel.decoded(upload.getKey()).equals(key))
              .map(
                  upload -> new OpenUpload(upload.getUploadId(), upload.getInitiated().toInstant()))
              .toList();
        });
  }

  @Override
  public boolean check(String prefix, boolean writing) {
    ListPage page = list(prefix, false, Optional.empty(), 1);
    if (writing) {
      checkWriting(prefix + CHECK_NAME);
    }
    return !page.objects().isEmpty();
  }

  /** Ends the client and its connections. */
  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
  }

  /** A part for an upload that does not exist: rights are looked at before uploads are. */
  private void checkWriting(String key) {
    try {
      Content nothing = new Content.OfBuffer(ByteBuffer.allocate(0));
      uploadPart(key, "0004B9895DBBB6EC98E36B0F0A0F0F0F", 1, nothing);
    } catch (StoreException.Invalid expected) {
      // NoSuchUpload: it may write.
    }
  }

  private static void say(Overwrite overwrite, WebServiceRequest request) {
    if (overwrite == Overwrite.FORBIDDEN) {
      request.addHeader(FORBID_OVERWRITE, "true");
    }
  }

  private void compare(String doing, String key, long sent, @Nullable Long told) {
    if (told != null && told != sent) {
      throw new StoreException.Corrupted(
          "%s: CRC64 of what was sent is %s, of what arrived %s"
              .formatted(
                  doing(doing, key), Long.toUnsignedString(sent), Long.toUnsignedString(told)));
    }
  }

  private <T> T call(Kind kind, String verb, String key, Function<OSS, T> work) {
    if (client == null) {
      throw new StoreException.Denied(
          StoreException.Denied.Reason.CREDENTIALS_MISSING,
          doing(verb, key) + ": there is no access key");
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new StoreException.Interrupted(doing(verb, key));
    }
    try {
      return work.apply(client.get());
    } catch (RuntimeException e) {
      throw OssErrors.of(e, kind, doing(verb, key));
    }
  }

  private String doing(String verb, String key) {
    return "%s %s/%s".formatted(verb, bucket, key);
  }
}
