package io.ossmount.operator.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The certificate authority of one installation. It signs what operator and cache pods show each
 * other, and nothing else trusts it. Immutable; safe for use by many threads.
 *
 * <p>A server certificate may not be used as a client's: a cache pod cannot speak for the operator.
 */
public final class Authority {
  /** How long the authority itself lives. */
  public static final Duration LIFE = Duration.ofDays(3650);

  private static final Duration LEAF_LIFE = Duration.ofDays(365);
  private static final Duration RENEW_BEFORE = Duration.ofDays(120);
  // Clocks of nodes differ.
  private static final Duration BACKDATE = Duration.ofHours(1);
  private static final String SERVER_DOMAIN = "cachepods.ossmount.io";
  // Cache pods answer this common name alone: their cache.control.OperatorOnly reads it.
  private static final String CLIENT_NAME = "ossmount-operator";

  private final X509Certificate certificate;
  private final PrivateKey key;
  private final String pem;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  private Authority(X509Certificate certificate, PrivateKey key, Clock clock)
      throws GeneralSecurityException {
    this.certificate = certificate;
    this.key = key;
    this.pem = Pem.of(certificate);
    this.clock = clock;
  }

  /** Makes the identity of a new authority. */
  public static Identity create(Clock clock) {
    var random = new SecureRandom();
    try {
      var keys = keyPair(random);
      var name = new X500Principal("CN=ossmount-ca-" + Long.toHexString(random.nextLong()));
      var now = clock.instant();
      var builder =
          new JcaX509v3CertificateBuilder(
                  name,
                  serial(random),
                  Date.from(now.minus(BACKDATE)),
                  Date.from(now.plus(LIFE)),
                  name,
                  keys.getPublic())
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
              .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
      return new Identity(Pem.of(sign(builder, keys.getPrivate())), Pem.of(keys.getPrivate()));
    } catch (GeneralSecurityException | CertIOException e) {
      throw new IllegalStateException("cannot make a certificate authority", e);
    }
  }

  /**
   * The authority of an identity that {@link #create} made.
   *
   * @throws IllegalArgumentException if the text is damaged; the message is without the key
   */
  public static Authority of(Identity identity, Clock clock) {
    try {
      return new Authority(Pem.certificate(identity.certificate()), Pem.key(identity.key()), clock);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the certificate authority cannot be read", e);
    }
  }

  /** The authority's own certificate, as PEM. */
  public String certificate() {
    return pem;
  }

  /** The name by which a cache pod's certificate is verified, whatever the pod's address. */
  public static String serverName(String mountUid) {
    return mountUid + "." + SERVER_DOMAIN;
  }

  /** A new identity for the cache pods of an OssMount. */
  public Identity issueServer(String mountUid) {
    return issue(serverName(mountUid), KeyPurposeId.id_kp_serverAuth);
  }

  /**
   * A new identity for the operator's dashboard, which browsers verify by the first of these names
   * or another, or by the loopback address. None of them is a cache pod's.
   */
  public Identity issueDashboard(List<String> names) {
    var all = new ArrayList<GeneralName>();
    names.forEach(name -> all.add(new GeneralName(GeneralName.dNSName, name)));
    all.add(new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
    all.add(new GeneralName(GeneralName.iPAddress, "::1"));
    return issue(
        names.getFirst(),
        new GeneralNames(all.toArray(GeneralName[]::new)),
        KeyPurposeId.id_kp_serverAuth);
  }

  /** A new identity for the operator. */
  public Identity issueClient() {
    return issue(CLIENT_NAME, KeyPurposeId.id_kp_clientAuth);
  }

  /** Whether a certificate is this authority's and far enough from its end. */
  public boolean isCurrent(Identity identity) {
    try {
      var leaf = Pem.certificate(identity.certificate());
      leaf.verify(certificate.getPublicKey());
      return clock.instant().plus(RENEW_BEFORE).isBefore(leaf.getNotAfter().toInstant());
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  private Identity issue(String name, KeyPurposeId purpose) {
    return issue(name, new GeneralNames(new GeneralName(GeneralName.dNSName, name)), purpose);
  }

  private Identity issue(String name, GeneralNames alternatives, KeyPurposeId purpose) {
    try {
      var keys = keyPair(random);
      Instant now = clock.instant();
      var builder =
          new JcaX509v3CertificateBuilder(
                  certificate,
                  serial(random),
                  Date.from(now.minus(BACKDATE)),
                  Date.from(now.plus(LEAF_LIFE)),
                  new X500Principal("CN=" + name + ",O=OssMount"),
                  keys.getPublic())
              .addExtension(Extension.subjectAlternativeName, true, alternatives)
              .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
              .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
      return new Identity(Pem.of(sign(builder, key)), Pem.of(keys.getPrivate()));
    } catch (GeneralSecurityException | CertIOException e) {
      throw new IllegalStateException("cannot issue a certificate for " + name, e);
    }
  }

  private static X509Certificate sign(
      org.bouncycastle.cert.X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    try {
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key);
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static KeyPair keyPair(SecureRandom random) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  private static BigInteger serial(SecureRandom random) {
    // RFC 5280: positive, at most 20 octets.
    return new BigInteger(127, random).add(BigInteger.ONE);
  }
}
