package io.ossmount.operator.tls;

/**
 * A certificate and its private key, as PEM; immutable. The key is in no text that this class gives
 * but by {@link #key()}.
 *
 * @param certificate one X.509 certificate
 * @param key PKCS #8
 */
public record Identity(String certificate, String key) {
  @Override
  public String toString() {
    return "Identity[redacted]";
  }
}
