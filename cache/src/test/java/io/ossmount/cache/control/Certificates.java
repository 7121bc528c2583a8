package io.ossmount.cache.control;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority for tests, and what it signs, as the operator puts it into a mount's Secret. */
public final class Certificates {
  private final X500Principal name;
  private final KeyPair keys = keyPair();
  private final X509CertificateHolder certificate;

  /** A new authority. */
  public Certificates(String name) {
    this.name = new X500Principal("CN=" + name);
    this.certificate = sign(this.name, keys, true);
  }

  /** Writes ca.crt, tls.crt and tls.key of somebody with this CN. */
  public void write(Path directory, String commonName) {
    KeyPair own = keyPair();
    try {
      Files.writeString(directory.resolve("ca.crt"), pem(certificate));
      Files.writeString(
          directory.resolve("tls.crt"),
          pem(sign(new X500Principal("CN=" + commonName), own, false)));
      Files.writeString(
          directory.resolve("tls.key"), pem(new JcaPKCS8Generator(own.getPrivate(), null)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private X509CertificateHolder sign(X500Principal subject, KeyPair of, boolean isAuthority) {
    Instant now = Instant.now();
    try {
      return new JcaX509v3CertificateBuilder(
              name,
              BigInteger.valueOf(now.toEpochMilli()),
              Date.from(now.minus(Duration.ofHours(1))),
              Date.from(now.plus(Duration.ofHours(1))),
              subject,
              of.getPublic())
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority))
          .addExtension(
              Extension.subjectAlternativeName,
              false,
              new GeneralNames(new GeneralName(GeneralName.dNSName, "cache-pod")))
          .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair keyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }
}
