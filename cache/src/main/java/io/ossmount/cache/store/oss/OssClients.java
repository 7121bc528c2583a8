package io.ossmount.cache.store.oss;

import com.aliyun.oss.ClientBuilderConfiguration;
import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSClientBuilder;
import com.aliyun.oss.common.auth.DefaultCredentialProvider;
import com.aliyun.oss.common.comm.SignVersion;
import io.ossmount.cache.config.MountSettings.Credentials;
import io.ossmount.cache.config.MountSettings.Source;
import io.ossmount.cache.config.MountSettings.Timeouts;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Makes clients of the SDK with what this process wants of them. */
final class OssClients {
  /** Connections to OSS: all GETs of the block cache, and as many uploads and listings. */
  private static final int MOST_CONNECTIONS = 128;

  /** How long OSS may be silent; a request that is slow without being dead is a rare one. */
  private static final Duration MOST_SILENCE = Duration.ofSeconds(30);

  /**
   * The SDK logs each error that it throws, also the 404 of a HEAD. Kept here, because the logging
   * of the JDK forgets loggers that nobody holds.
   */
  private static final Logger SDK_LOG = Logger.getLogger("com.aliyun.oss");

  static {
    SDK_LOG.setLevel(Level.OFF);
  }

  private OssClients() {}

  static OSS connect(Source source, Credentials credentials, Timeouts timeouts) {
    return OSSClientBuilder.create()
        .endpoint(source.endpoint().toString())
        .credentialsProvider(
            new DefaultCredentialProvider(
                credentials.accessKeyId(),
                credentials.accessKeySecret(),
                credentials.securityToken().orElse(null)))
        .clientConfiguration(configuration(source, timeouts))
        .region(source.region())
        .build();
  }

  private static ClientBuilderConfiguration configuration(Source source, Timeouts timeouts) {
    ClientBuilderConfiguration configuration = new ClientBuilderConfiguration();
    configuration.setSignatureVersion(SignVersion.V4);
    configuration.setSLDEnabled(source.pathStyle());
    configuration.setSupportCname(false);
    configuration.setExtractSettingFromEndpoint(false);
    configuration.setVerifyObjectStrictEnable(false);
    configuration.setRedirectEnable(false);
    configuration.setMaxErrorRetry(0);
    // Costs 40 % of the throughput; our own CRC64 is compared with that of OSS instead.
    configuration.setCrcCheckEnabled(false);
    configuration.setMaxConnections(MOST_CONNECTIONS);
    configuration.setConnectionTimeout(millis(timeouts.connect()));
    configuration.setConnectionRequestTimeout(millis(timeouts.operation()));
    configuration.setSocketTimeout(
        millis(
            MOST_SILENCE.compareTo(timeouts.operation()) < 0
                ? MOST_SILENCE
                : timeouts.operation()));
    configuration.setUserAgent("ossmount");
    return configuration;
  }

  private static int millis(Duration duration) {
    return Math.clamp(duration.toMillis(), 1, Integer.MAX_VALUE);
  }
}
