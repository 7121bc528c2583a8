package io.ossmount.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.ossmount.operator.dashboard.ServedDashboard;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;

/** Asks the dashboard of a running operator; trusts the authority in its Secret alone. */
final class DashboardClient implements AutoCloseable {
  private final HttpClient http;
  private final int port;

  DashboardClient(KubernetesClient client, int port) throws IOException, GeneralSecurityException {
    var secret = client.secrets().inNamespace("ossmount-system").withName("ossmount-ca").require();
    var authority =
        new String(
            Base64.getDecoder().decode(Objects.requireNonNull(secret.getData().get("ca.crt"))),
            StandardCharsets.US_ASCII);
    this.http =
        HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(10))
            .sslContext(ServedDashboard.trusting(authority))
            .build();
    this.port = port;
  }

  HttpResponse<String> get(String path, String token) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
            .header("Authorization", "Bearer " + token)
            .timeout(Duration.ofSeconds(30))
            .build(),
        BodyHandlers.ofString());
  }

  @Override
  public void close() {
    http.close();
  }
}
