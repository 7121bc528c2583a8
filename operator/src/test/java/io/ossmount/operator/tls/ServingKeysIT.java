package io.ossmount.operator.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Shakes hands over real sockets, with keys that openssl makes. */
@Timeout(60)
class ServingKeysIT {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir private Path directory;

  @Test
  void keysOfASecretAreTakenWhateverTheirForm() throws Exception {
    for (var form : List.of("rsa:2048", "ec:prime256v1", "traditional")) {
      openssl(form, form.replace(':', '-'));
      var shown = shown(ServingKeys.files(directory, Clock.systemUTC()).context());
      assertThat(shown.getSubjectX500Principal().getName())
          .isEqualTo("CN=" + form.replace(':', '-'));
    }
  }

  @Test
  void aRenewedSecretIsShownWithoutARestartAndADamagedOneIsNot() throws Exception {
    // given
    openssl("rsa:2048", "first");
    var hands = new Hands();
    var context = ServingKeys.files(directory, hands).context();

    // when
    openssl("ec:prime256v1", "second");
    // then
    assertThat(shown(context).getSubjectX500Principal().getName()).isEqualTo("CN=first");
    hands.now = hands.now.plus(Duration.ofSeconds(31));
    assertThat(shown(context).getSubjectX500Principal().getName()).isEqualTo("CN=second");

    // when
    Files.writeString(directory.resolve("tls.key"), "damaged");
    hands.now = hands.now.plus(Duration.ofSeconds(31));
    // then
    assertThat(shown(context).getSubjectX500Principal().getName()).isEqualTo("CN=second");
  }

  @Test
  void aSecretThatComesLaterIsShownWithoutARestart() throws Exception {
    // given
    var hands = new Hands();
    var context = ServingKeys.files(directory, hands).context();
    assertThatExceptionOfType(SSLException.class).isThrownBy(() -> shown(context));

    // when
    Files.writeString(directory.resolve("tls.crt"), "not yet");
    hands.now = hands.now.plus(Duration.ofSeconds(31));
    // then
    assertThatExceptionOfType(SSLException.class).isThrownBy(() -> shown(context));

    // when
    openssl("rsa:2048", "late");
    hands.now = hands.now.plus(Duration.ofSeconds(31));
    // then
    assertThat(shown(context).getSubjectX500Principal().getName()).isEqualTo("CN=late");
  }

  @Test
  void whatIsMissingOrDamagedIsSaidWithoutTheKey() throws Exception {
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> ServingKeys.read(directory));
    openssl("rsa:2048", "first");
    Files.writeString(directory.resolve("tls.key"), "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n");
    assertThatExceptionOfType(GeneralSecurityException.class)
        .isThrownBy(() -> ServingKeys.read(directory))
        .withMessageNotContaining("c2VjcmV0")
        .withNoCause();
  }

  @Test
  void theAuthoritysCertificateHasTheNamesThatBrowsersComeBy() throws Exception {
    var authority = Authority.of(Authority.create(Clock.systemUTC()), Clock.systemUTC());
    var names = List.of("localhost", "ossmount-dashboard.ossmount-system.svc");
    var shown = shown(ServingKeys.issued(authority, names, Clock.systemUTC()).context());
    assertThat(shown.getSubjectAlternativeNames())
        .extracting(name -> String.valueOf(name.getLast()))
        .contains("localhost", "ossmount-dashboard.ossmount-system.svc", "127.0.0.1");
    shown.verify(Pem.certificate(authority.certificate()).getPublicKey());
  }

  /** Makes a key of this form and a certificate with this name. */
  private void openssl(String form, String name) throws Exception {
    var key = directory.resolve("tls.key").toString();
    var certificate = directory.resolve("tls.crt").toString();
    if (form.equals("traditional")) {
      run("ecparam", "-name", "prime256v1", "-genkey", "-out", key);
      run("req", "-x509", "-key", key, "-out", certificate, "-subj", "/CN=" + name);
      return;
    }
    var kind =
        form.startsWith("ec")
            ? List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")
            : List.of("-newkey", form);
    run(
        Stream.of(
                List.of("req", "-x509", "-nodes", "-keyout", key, "-out", certificate),
                List.of("-subj", "/CN=" + name),
                kind)
            .flatMap(List::stream)
            .toArray(String[]::new));
  }

  private static void run(String... arguments) throws Exception {
    var words = Stream.concat(Stream.of("openssl"), Stream.of(arguments)).toList();
    var process = new ProcessBuilder(words).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
  }

  /** The certificate that a client is shown. */
  private static X509Certificate shown(SSLContext server) throws Exception {
    var client = SSLContext.getInstance("TLS");
    client.init(null, new TrustManager[] {new Everyone()}, null);
    var loopback = InetAddress.getLoopbackAddress();
    try (var listening = server.getServerSocketFactory().createServerSocket(0, 1, loopback)) {
      var accepting =
          Thread.ofVirtual()
              .start(() -> {
                try (var socket = (SSLSocket) listening.accept()) {
                  socket.startHandshake();
                } catch (IOException _) {
                  // The client tells.
                }
              });
      try (var socket =
          (SSLSocket) client.getSocketFactory().createSocket(loopback, listening.getLocalPort())) {
        socket.startHandshake();
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
      } finally {
        accepting.join();
      }
    }
  }

  private static final class Everyone implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private static final class Hands extends Clock {
    private Instant now = NOW;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
