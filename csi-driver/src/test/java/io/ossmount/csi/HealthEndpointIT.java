package io.ossmount.csi;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.csi.fdstore.FdStore;
import io.ossmount.fuse.server.StandIns;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthEndpointIT {
  @Test
  void theStatusSaysWhetherThePluginServes() throws IOException {
    // given
    var trouble = new ArrayList<String>();
    try (var endpoint = new HealthEndpoint(0, () -> trouble.stream().findFirst())) {
      // then
      assertThat(get(endpoint, "/healthz").getResponseCode()).isEqualTo(200);
      // when
      trouble.add("kubelet refuses the driver");
      // then
      assertThat(get(endpoint, "/healthz").getResponseCode()).isEqualTo(503);
    }
  }

  @Test
  void whatThereIsIsListedAnewForEachRequest() throws IOException {
    // given
    var directories = new ArrayList<String>();
    try (var endpoint = new HealthEndpoint(0, Optional::empty)) {
      endpoint.list("/directories", () -> List.copyOf(directories));
      // then
      assertThat(body(endpoint, "/directories")).isEmpty();
      // when
      directories.addAll(List.of("uid-1", "uid-2"));
      // then
      assertThat(body(endpoint, "/directories")).isEqualTo("uid-1\nuid-2");
    }
  }

  @Test
  void metricsAreShownAsTheyAreNow() throws IOException {
    try (var endpoint = new HealthEndpoint(0, Optional::empty)) {
      var counts = new FdStore.Counts(3, 2, 6, 5, 1, 4, new StandIns.Counts(7, 8, 9));
      endpoint.metrics("/metrics", () -> NodeMetrics.text(counts, 10));
      // then
      assertThat(get(endpoint, "/metrics").getContentType()).startsWith("text/plain");
      assertThat(body(endpoint, "/metrics").lines())
          .contains(
              "ossmount_node_sessions 3",
              "ossmount_node_sessions_served 2",
              "ossmount_node_backing_ids 6",
              "ossmount_node_takeovers_total 5",
              "ossmount_node_servers_killed_total 1",
              "ossmount_node_sessions_aborted_total 4",
              "ossmount_node_standin_requests_total{done=\"answered\"} 7",
              "ossmount_node_standin_requests_total{done=\"kept\"} 8",
              "ossmount_node_standin_requests_total{done=\"ended\"} 9",
              "ossmount_node_mounts_healed_total 10");
    }
  }

  private static String body(HealthEndpoint endpoint, String path) throws IOException {
    try (var body = get(endpoint, path).getInputStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static HttpURLConnection get(HealthEndpoint endpoint, String path) throws IOException {
    var url = URI.create("http://127.0.0.1:" + endpoint.port() + path).toURL();
    var connection = (HttpURLConnection) url.openConnection();
    connection.setConnectTimeout(30_000);
    connection.setReadTimeout(30_000);
    return connection;
  }
}
