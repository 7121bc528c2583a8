package io.ossmount.bench;

import com.aliyun.oss.OSS;
import com.aliyun.oss.model.GetObjectRequest;
import com.aliyun.oss.model.OSSObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The same bytes by the SDK alone: what the network and the endpoint allow. */
final class SdkWork {
  private static final int PART_BYTES = 8 << 20;
  private static final int CONNECTIONS = 4;

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

  /** PUTs of many objects, one after another; counts objects. */
  double putEach(List<String> keys, byte[] content) {
    for (String key : keys) {
      oss.putObject(bucket, key, new ByteArrayInputStream(content));
    }
    return keys.size();
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
