package io.ossmount.cache.control;

import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of a directory as they are now: looked at every 5 s, because kubelet swaps a
 * link above them. What cannot be read leaves those before in force.
 */
final class ReloadingTls {
  private static final Logger log = LoggerFactory.getLogger(ReloadingTls.class);
  private static final int INTERVAL_SECONDS = 5;
  private static final List<String> FILES = List.of("ca.crt", "tls.crt", "tls.key");

  private final Path directory;
  private final AdvancedTlsX509KeyManager identity = new AdvancedTlsX509KeyManager();
  private final AdvancedTlsX509TrustManager authority;
  private List<FileTime> loaded = List.of();

  ReloadingTls(Path directory) throws IOException, GeneralSecurityException {
    this.directory = directory;
    this.authority =
        AdvancedTlsX509TrustManager.newBuilder()
            .setVerification(AdvancedTlsX509TrustManager.Verification.CERTIFICATE_ONLY_VERIFICATION)
            .build();
    load();
  }

  /** Looks again and again on this thread. */
  void watch(ScheduledExecutorService thread) {
    var _ =
        thread.scheduleWithFixedDelay(
            this::reload, INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
  }

  ServerCredentials credentials() {
    return TlsServerCredentials.newBuilder()
        .keyManager(identity)
        .trustManager(authority)
        .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
        .build();
  }

  private void reload() {
    try {
      load();
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      log.error("the certificates in {} cannot be read; those before stay", directory, e);
    }
  }

  private void load() throws IOException, GeneralSecurityException {
    List<FileTime> times = new ArrayList<>();
    for (String file : FILES) {
      times.add(Files.getLastModifiedTime(directory.resolve(file)));
    }
    if (times.equals(loaded)) {
      return;
    }
    loaded = times;
    identity.updateIdentityCredentials(
        directory.resolve("tls.crt").toFile(), directory.resolve("tls.key").toFile());
    authority.updateTrustCredentials(directory.resolve("ca.crt").toFile());
  }
}
