package io.ossmount.bench;

import com.aliyun.oss.OSS;
import com.aliyun.oss.model.CompleteMultipartUploadRequest;
import com.aliyun.oss.model.GetObjectRequest;
import com.aliyun.oss.model.InitiateMultipartUploadRequest;
import com.aliyun.oss.model.ListObjectsV2Request;
import com.aliyun.oss.model.ListObjectsV2Result;
import com.aliyun.oss.model.OSSObject;
import com.aliyun.oss.model.OSSObjectSummary;
import com.aliyun.oss.model.PartETag;
import com.aliyun.oss.model.UploadPartRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The same bytes by the SDK alone: what the network and the endpoint allow. */
final class SdkWork {
  private static final int PART_BYTES = 8 << 20;
  private static final int UPLOAD_PART_BYTES = 16 << 20;
  private static final int CONNECTIONS = 4;
  private static final int PAGE = 1000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final OSS oss;
  private final String bucket;

  SdkWork(OSS oss, String bucket) {
    this.oss = oss;
    this.bucket = bucket;
  }

  /** Parallel range GETs of a whole object; counts MiB. */
  double get(String key, long size) throws IOException, InterruptedException {
    List<Callable<Long>> parts = new ArrayList<>();
    for (long offset = 0; offset < size; offset += PART_BYTES) {
      long first = offset;
      long last = Math.min(size, offset + PART_BYTES) - 1;
      parts.add(() -> drain(new GetObjectRequest(bucket, key).withRange(first, last)));
    }
    return inParallel(parts, CONNECTIONS) / (double) (1 << 20);
  }

  /** GETs of many objects, so many at once; counts objects. */
  double getEach(List<String> keys, int atOnce) throws IOException, InterruptedException {
    List<Callable<Long>> gets = new ArrayList<>();
    keys.forEach(key -> gets.add(() -> drain(new GetObjectRequest(bucket, key))));
    inParallel(gets, atOnce);
    return keys.size();
  }

  /** PUTs of many objects, so many at once; counts objects. */
  double putEach(List<String> keys, byte[] content, int atOnce)
      throws IOException, InterruptedException {
    List<Callable<Long>> puts = new ArrayList<>();
    for (String key : keys) {
      puts.add(() -> {
        oss.putObject(bucket, key, new ByteArrayInputStream(content));
        return 1L;
      });
    }
    return inParallel(puts, atOnce);
  }

  /** An upload in parts, several at once; counts MiB. */
  double upload(String key, byte[] chunk, int chunks) throws IOException, InterruptedException {
    byte[] content = new byte[UPLOAD_PART_BYTES];
    for (int at = 0; at < content.length; at += chunk.length) {
      System.arraycopy(chunk, 0, content, at, chunk.length);
    }
    long bytes = (long) chunk.length * chunks;
    String id =
        oss.initiateMultipartUpload(new InitiateMultipartUploadRequest(bucket, key)).getUploadId();
    List<PartETag> tags = Collections.synchronizedList(new ArrayList<>());
    List<Callable<Long>> parts = new ArrayList<>();
    for (int number = 1; number <= bytes / content.length; number++) {
      UploadPartRequest part =
          new UploadPartRequest(
              bucket, key, id, number, new ByteArrayInputStream(content), content.length);
      parts.add(() -> {
        tags.add(oss.uploadPart(part).getPartETag());
        return part.getPartSize();
      });
    }
    double mebibytes = inParallel(parts, CONNECTIONS) / (double) (1 << 20);
    tags.sort(Comparator.comparingInt(PartETag::getPartNumber));
    oss.completeMultipartUpload(new CompleteMultipartUploadRequest(bucket, key, id, tags));
    return mebibytes;
  }

  /** LISTs of all keys below a prefix, 1,000 at a time; counts keys. */
  double list(String prefix) {
    int keys = 0;
    ListObjectsV2Request request =
        new ListObjectsV2Request(bucket).withPrefix(prefix).withMaxKeys(PAGE);
    ListObjectsV2Result page;
    do {
      page = oss.listObjectsV2(request);
      keys += page.getObjectSummaries().size();
      request.setContinuationToken(page.getNextContinuationToken());
    } while (page.isTruncated());
    return keys;
  }

  /**
   * Waits until so many objects with so many bytes in all are below a prefix: some programs upload
   * after {@code close}. Asks by LIST, which costs the same for one object and for a page of them.
   */
  void await(String prefix, int objects, long bytes) throws IOException, InterruptedException {
    ListObjectsV2Request request =
        new ListObjectsV2Request(bucket).withPrefix(prefix).withMaxKeys(PAGE);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      List<OSSObjectSummary> found = oss.listObjectsV2(request).getObjectSummaries();
      long foundBytes = found.stream().mapToLong(OSSObjectSummary::getSize).sum();
      if (found.size() == objects && foundBytes == bytes) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "%d objects and %d bytes below %s".formatted(found.size(), foundBytes, prefix));
      }
      Thread.sleep(1);
    }
  }

  private long drain(GetObjectRequest request) throws IOException {
    byte[] buffer = new byte[1 << 18];
    long total = 0;
    try (OSSObject object = oss.getObject(request);
        InputStream in = object.getObjectContent()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        total += count;
      }
    }
    return total;
  }

  private static long inParallel(List<Callable<Long>> parts, int threadCount)
      throws IOException, InterruptedException {
    long total = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(threadCount)) {
      for (Future<Long> part : threads.invokeAll(parts)) {
        total += part.get();
      }
    } catch (ExecutionException failure) {
      throw new IOException("a range GET failed", failure.getCause());
    }
    return total;
  }
}
