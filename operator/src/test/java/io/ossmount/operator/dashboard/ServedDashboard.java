package io.ossmount.operator.dashboard;

import io.ossmount.operator.control.PodAddress;
import io.ossmount.operator.dashboard.server.Dashboard;
import io.ossmount.operator.dashboard.server.Sources;
import io.ossmount.operator.tls.Authority;
import io.ossmount.operator.tls.ServingKeys;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The dashboard of {@link DashboardScene} on a port of its own, and a client that trusts it. */
public final class ServedDashboard implements AutoCloseable {
  private final Dashboard dashboard;
  private final HttpClient client;

  private ServedDashboard(Dashboard dashboard, HttpClient client) {
    this.dashboard = dashboard;
    this.client = client;
  }

  /** Serves it on the loopback address. */
  public static ServedDashboard start() throws IOException, GeneralSecurityException {
    var clock = Clock.systemUTC();
    var authority = Authority.of(Authority.create(clock), clock);
    var dashboard =
        Dashboard.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            ServingKeys.issued(authority, List.of("localhost"), clock).context(),
            new Sources(
                () -> Optional.of(DashboardScene.sight()),
                (_, pod) -> Optional.of(new PodAddress(pod, "c", "10.0.0.1", "n")),
                DashboardScene::files,
                DashboardScene.history(clock.instant()),
                DashboardScene.surroundings(clock.instant())),
            DashboardScene.reviews(),
            clock);
    return new ServedDashboard(
        dashboard,
        HttpClient.newBuilder()
            .sslContext(trusting(authority.certificate()))
            .connectTimeout(Duration.ofSeconds(10))
            .build());
  }

  /** Address of a page. */
  public String url(String path) {
    return "https://localhost:" + dashboard.port() + path;
  }

  /** Asks for a page. */
  public HttpResponse<String> get(String path, Map<String, String> headers)
      throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder().GET(), path, headers);
  }

  /** Sends a form. */
  public HttpResponse<String> post(String path, String form, Map<String, String> headers)
      throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder().POST(BodyPublishers.ofString(form)), path, headers);
  }

  private HttpResponse<String> send(
      HttpRequest.Builder request, String path, Map<String, String> headers)
      throws IOException, InterruptedException {
    headers.forEach(request::header);
    return client.send(
        request.uri(URI.create(url(path))).timeout(Duration.ofSeconds(20)).build(),
        BodyHandlers.ofString());
  }

  @Override
  public void close() {
    client.close();
    dashboard.close();
  }

  /** A client's context that trusts this authority, in PEM, and nobody else. */
  public static SSLContext trusting(String authority) throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry(
        "authority",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(authority.getBytes(StandardCharsets.US_ASCII))));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
