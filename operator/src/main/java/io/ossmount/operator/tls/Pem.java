package io.ossmount.operator.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** Text form of certificates and elliptic-curve keys (RFC 7468). */
final class Pem {
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String KEY = "PRIVATE KEY";

  private Pem() {}

  static String of(X509Certificate certificate) throws GeneralSecurityException {
    return wrap(CERTIFICATE, certificate.getEncoded());
  }

  static String of(PrivateKey key) {
    return wrap(KEY, key.getEncoded());
  }

  static X509Certificate certificate(String pem) throws GeneralSecurityException {
    var bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(bytes);
  }

  static PrivateKey key(String pem) throws GeneralSecurityException {
    var text =
        pem.replace("-----BEGIN " + KEY + "-----", "").replace("-----END " + KEY + "-----", "");
    byte[] encoded;
    try {
      encoded = Base64.getMimeDecoder().decode(text);
    } catch (IllegalArgumentException _) {
      // Not as the cause: its text may hold a part of the key.
      throw new GeneralSecurityException("the key is not PEM");
    }
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
  }

  private static String wrap(String label, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, LINES.encodeToString(content), label);
  }
}
