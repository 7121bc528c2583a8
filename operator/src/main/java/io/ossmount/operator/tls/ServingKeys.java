package io.ossmount.operator.tls;

import java.io.IOException;
import java.io.StringReader;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the dashboard shows browsers: a certificate and its key, renewed while the server runs. Safe
 * for use by many threads.
 */
public final class ServingKeys {
  private static final Logger LOG = LoggerFactory.getLogger(ServingKeys.class);
  private static final String ALIAS = "dashboard";
  // Half of the life of a certificate.
  private static final Duration ISSUE_AFTER = Duration.ofDays(180);
  private static final Duration READ_AFTER = Duration.ofSeconds(30);

  private final Source source;
  private final Duration life;
  private final Clock clock;
  // Guarded by this, as the field below. Null: there are none yet.
  private @Nullable Keys keys;
  private Instant renewal;

  @FunctionalInterface
  private interface Source {
    Keys read() throws IOException, GeneralSecurityException;
  }

  record Keys(List<X509Certificate> chain, PrivateKey key) {}

  private ServingKeys(Source source, @Nullable Keys first, Duration life, Clock clock) {
    this.source = source;
    this.keys = first;
    this.life = life;
    this.clock = clock;
    this.renewal = clock.instant().plus(life);
  }

  /** Keys that the authority issues for these host names. */
  public static ServingKeys issued(Authority authority, List<String> names, Clock clock)
      throws GeneralSecurityException {
    Source source =
        () -> {
          var identity = authority.issueDashboard(names);
          return parse(identity.certificate() + authority.certificate(), identity.key());
        };
    try {
      return new ServingKeys(source, source.read(), ISSUE_AFTER, clock);
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
  }

  /**
   * Keys of a mounted Secret of type kubernetes.io/tls: {@code tls.crt}, a chain, and {@code
   * tls.key}. While they are not there, or damaged, hands are shaken with nobody; they are looked
   * for again every 30 s, when somebody connects.
   */
  public static ServingKeys files(Path directory, Clock clock) {
    Keys first = null;
    try {
      first = read(directory);
    } catch (IOException | GeneralSecurityException | IllegalStateException e) {
      LOG.error(
          "The dashboard has no certificate yet, and refuses who connects; it looks for one in {}",
          directory,
          e);
    }
    return new ServingKeys(() -> read(directory), first, READ_AFTER, clock);
  }

  /**
   * What is there now.
   *
   * @throws IOException it cannot be read
   * @throws GeneralSecurityException it is damaged; without the key in the message
   */
  static Keys read(Path directory) throws IOException, GeneralSecurityException {
    return parse(
        Files.readString(directory.resolve("tls.crt")),
        Files.readString(directory.resolve("tls.key")));
  }

  /** For a server; new connections see what was renewed. */
  public SSLContext context() throws GeneralSecurityException {
    var context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {new Manager()}, null, null);
    return context;
  }

  private synchronized @Nullable Keys keys() {
    if (!clock.instant().isBefore(renewal)) {
      renewal = clock.instant().plus(life);
      try {
        keys = source.read();
      } catch (IOException | GeneralSecurityException | IllegalStateException e) {
        renewal = clock.instant().plus(READ_AFTER);
        LOG.error(
            keys == null
                ? "The dashboard still has no certificate"
                : "The dashboard's certificate cannot be renewed; the one before stays",
            e);
      }
    }
    return keys;
  }

  private static Keys parse(String chain, String key) throws IOException, GeneralSecurityException {
    var certificates = new ArrayList<X509Certificate>();
    var converter = new JcaX509CertificateConverter();
    try (var parser = new PEMParser(new StringReader(chain))) {
      for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
        if (next instanceof X509CertificateHolder holder) {
          certificates.add(converter.getCertificate(holder));
        }
      }
    }
    if (certificates.isEmpty()) {
      throw new GeneralSecurityException("there is no certificate");
    }
    return new Keys(List.copyOf(certificates), privateKey(key));
  }

  private static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    var converter = new JcaPEMKeyConverter();
    try (var parser = new PEMParser(new StringReader(pem))) {
      // An EC key of OpenSSL comes behind its parameters.
      for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
        if (next instanceof PEMKeyPair pair) {
          return converter.getPrivateKey(pair.getPrivateKeyInfo());
        }
        if (next instanceof PrivateKeyInfo info) {
          return converter.getPrivateKey(info);
        }
      }
    } catch (PEMException _) {
      // Not as the cause: its text may hold a part of the key.
      throw new GeneralSecurityException("the key is not PEM");
    } catch (IOException _) {
      throw new GeneralSecurityException("the key cannot be read");
    }
    throw new GeneralSecurityException("there is no private key that is not encrypted");
  }

  /** There is one alias, whatever is asked for. */
  private final class Manager extends X509ExtendedKeyManager {
    @Override
    public @Nullable String chooseEngineServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return chooseServerAlias(type, issuers, null);
    }

    @Override
    public @Nullable String chooseServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
      var keys = keys();
      return keys != null && type.equals(keys.key().getAlgorithm()) ? ALIAS : null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      var keys = keys();
      return keys == null ? null : keys.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      var keys = keys();
      return keys == null ? null : keys.key();
    }

    @Override
    public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }
  }
}
