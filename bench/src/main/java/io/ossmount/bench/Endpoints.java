package io.ossmount.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Shows that the peers' protocol is served as fast as ours: the same ranges of the same object by
 * the same HTTP client, signed once as OSS and once as S3 wants it.
 */
final class Endpoints {
  private static final int PART_BYTES = 8 << 20;
  private static final int CONNECTIONS = 4;
  private static final Duration VALIDITY = Duration.ofHours(1);

  private final Bed bed;
  private final long size;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Endpoints(Bed bed, long size) {
    this.bed = bed;
    this.size = size;
  }

  /** Both, interleaved after a first time for the JVM to warm up, as a sentence. */
  String compare(int rounds) throws IOException, InterruptedException {
    List<Double> oss = new ArrayList<>();
    List<Double> s3 = new ArrayList<>();
    URI url = presigned();
    AwsSigning signing = new AwsSigning(bed.endpoint());
    get(() -> HttpRequest.newBuilder(url));
    get(() -> signing.get(Data.LARGE, Instant.now()));
    for (int round = 0; round < rounds; round++) {
      oss.add(Measure.RATE.of(() -> get(() -> HttpRequest.newBuilder(url))));
      s3.add(Measure.RATE.of(() -> get(() -> signing.get(Data.LARGE, Instant.now()))));
    }
    return "Raw GETs of %d MiB by one HTTP client, %d ranges at once: %s by OSS requests, %s by S3 requests."
        .formatted(size >> 20, CONNECTIONS, words(oss), words(s3));
  }

  private static String words(List<Double> rates) {
    Sample sample = new Sample(rates);
    return "%s MiB/s (%s-%s)"
        .formatted(
            Table.number(sample.median()),
            Table.number(sample.minimum()),
            Table.number(sample.maximum()));
  }

  @SuppressWarnings("JavaUtilDate") // the SDK asks for one
  private URI presigned() {
    return URI.create(
        bed.oss()
            .generatePresignedUrl(
                bed.endpoint().bucket(), Data.LARGE, Date.from(Instant.now().plus(VALIDITY)))
            .toString());
  }

  private double get(Callable<HttpRequest.Builder> request)
      throws IOException, InterruptedException {
    List<Callable<Long>> parts = new ArrayList<>();
    for (long offset = 0; offset < size; offset += PART_BYTES) {
      String range = "bytes=%d-%d".formatted(offset, Math.min(size, offset + PART_BYTES) - 1);
      parts.add(() -> drain(request.call().header("Range", range).build()));
    }
    long total = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
      for (Future<Long> part : threads.invokeAll(parts)) {
        total += part.get();
      }
    } catch (ExecutionException failure) {
      throw new IOException("a range GET failed", failure.getCause());
    }
    return total / (double) (1 << 20);
  }

  private long drain(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    byte[] buffer = new byte[1 << 18];
    long total = 0;
    try (InputStream in = response.body()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        total += count;
      }
    }
    if (response.statusCode() != 206) {
      throw new IOException("status " + response.statusCode() + " of " + request.uri());
    }
    return total;
  }
}
