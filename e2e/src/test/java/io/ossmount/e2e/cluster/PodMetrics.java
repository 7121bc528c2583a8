package io.ossmount.e2e.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a cache pod shows Prometheus at one moment, asked at the pod's address, as the machine that
 * the cluster runs on can.
 */
public final class PodMetrics {
  private static final int PORT = 9402;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Map<String, Double> series;

  private PodMetrics(Map<String, Double> series) {
    this.series = series;
  }

  /** Asks the pod. */
  public static PodMetrics of(Pod pod) {
    URI address = URI.create("http://" + pod.getStatus().getPodIP() + ":" + PORT + "/metrics");
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
      HttpRequest request = HttpRequest.newBuilder(address).timeout(TIMEOUT).build();
      var answer = http.send(request, HttpResponse.BodyHandlers.ofLines());
      if (answer.statusCode() != 200) {
        throw new AssertionError(address + ": " + answer.statusCode());
      }
      return new PodMetrics(
          answer
              .body()
              .filter(line -> !line.startsWith("#"))
              .collect(Collectors.toMap(PodMetrics::name, PodMetrics::value)));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  /** The value of a series, as {@code name{label="value"}}; 0 when nothing was counted yet. */
  public double get(String name) {
    return series.getOrDefault(name, 0.0);
  }

  private static String name(String line) {
    return line.substring(0, line.lastIndexOf(' '));
  }

  private static Double value(String line) {
    return Double.valueOf(line.substring(line.lastIndexOf(' ') + 1));
  }
}
