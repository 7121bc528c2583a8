package io.ossmount.emulator.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The hash functions of the signatures. */
final class Hmac {
  private Hmac() {}

  static byte[] sha1(byte[] key, byte[] text) {
    return mac("HmacSHA1", key, text);
  }

  static byte[] sha256(byte[] key, byte[] text) {
    return mac("HmacSHA256", key, text);
  }

  static byte[] sha256(byte[] key, String text) {
    return sha256(key, text.getBytes(StandardCharsets.UTF_8));
  }

  static String hexSha256(byte[] text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The bytes of text that mixes header values (bytes as ISO-8859-1) with keys that went through
   * {@link #asBytes}.
   */
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A string with one character for each byte of the UTF-8 form. */
  static String asBytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static byte[] mac(String algorithm, byte[] key, byte[] text) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
