package io.ossmount.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/** A key and its certificate, as the operator gives them to a cache pod. */
final class ControlKeys {
  private static final String PASSWORD = "changeit";

  private ControlKeys() {}

  /** Writes ca.crt, tls.crt and tls.key. */
  static void write(Path directory)
      throws IOException, InterruptedException, GeneralSecurityException {
    var keyStore = directory.resolve("keys.p12");
    Command.run(
        List.of(
            Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
            "-genkeypair",
            "-alias",
            "cache",
            "-keyalg",
            "EC",
            "-dname",
            "CN=cache-pod",
            "-keystore",
            keyStore.toString(),
            "-storepass",
            PASSWORD));
    var keys = KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray());
    var certificate = pem("CERTIFICATE", keys.getCertificate("cache").getEncoded());
    Files.writeString(directory.resolve("ca.crt"), certificate);
    Files.writeString(directory.resolve("tls.crt"), certificate);
    var key = keys.getKey("cache", PASSWORD.toCharArray()).getEncoded();
    Files.writeString(directory.resolve("tls.key"), pem("PRIVATE KEY", key));
  }

  private static String pem(String what, byte[] bytes) {
    var lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(what, lines.encodeToString(bytes));
  }
}
