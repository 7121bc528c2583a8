package io.ossmount.emulator;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** TLS from a key store in a file. */
final class KeyStores {
  private KeyStores() {}

  /**
   * A context that shows the certificate of the key store.
   *
   * @throws IOException it cannot be read, or not with this password
   */
  static SSLContext serverContext(Path file, char[] password) throws IOException {
    try {
      KeyStore store = KeyStore.getInstance(file.toFile(), password);
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot use key store " + file + ": " + e.getMessage(), e);
    }
  }
}
