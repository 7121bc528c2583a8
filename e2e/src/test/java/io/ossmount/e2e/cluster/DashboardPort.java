package io.ossmount.e2e.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;

/**
 * The dashboard at a port of this machine: a port-forward to the pod that its Service selects, as
 * kubectl makes it. Trusts the authority of the installation and nobody else.
 */
public final class DashboardPort implements AutoCloseable {
  private static final String NAMESPACE = "ossmount-system";
  private static final String SERVICE = "ossmount-dashboard";
  private static final int PORT = 19_999;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final LocalPortForward forward;
  private final HttpClient http;

  private DashboardPort(LocalPortForward forward, HttpClient http) {
    this.forward = forward;
    this.http = http;
  }

  /** Opens it, as soon as an operator leads. */
  public static DashboardPort open(Cluster cluster) {
    String pod =
        Awaitility.await("an operator leads")
            .atMost(Workspace.PATIENCE)
            .ignoreExceptions()
            .until(() -> selected(cluster), pods -> pods.size() == 1)
            .getFirst()
            .getMetadata()
            .getName();
    return new DashboardPort(
        cluster.client().pods().inNamespace(NAMESPACE).withName(pod).portForward(PORT),
        HttpClient.newBuilder().connectTimeout(TIMEOUT).sslContext(trusting(cluster)).build());
  }

  private static List<Pod> selected(Cluster cluster) {
    Map<String, String> selector =
        cluster
            .client()
            .services()
            .inNamespace(NAMESPACE)
            .withName(SERVICE)
            .require()
            .getSpec()
            .getSelector();
    return cluster.client().pods().inNamespace(NAMESPACE).withLabels(selector).list().getItems();
  }

  /** Asks for a page, with a bearer token if there is one. */
  public HttpResponse<String> get(String path, Optional<String> token) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + forward.getLocalPort() + path))
            .timeout(TIMEOUT);
    token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  private static SSLContext trusting(Cluster cluster) {
    String pem =
        cluster
            .client()
            .secrets()
            .inNamespace(NAMESPACE)
            .withName("ossmount-ca")
            .require()
            .getData()
            .get("ca.crt");
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry(
          "authority",
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(Base64.getDecoder().decode(pem))));
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException failure) {
      throw new AssertionError(failure);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    http.close();
    try {
      forward.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
