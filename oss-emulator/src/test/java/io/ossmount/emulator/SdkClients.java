package io.ossmount.emulator;

import com.aliyun.oss.ClientBuilderConfiguration;
import com.aliyun.oss.HttpMethod;
import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSClientBuilder;
import com.aliyun.oss.common.auth.DefaultCredentialProvider;
import com.aliyun.oss.common.comm.SignVersion;
import com.aliyun.oss.model.GeneratePresignedUrlRequest;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

/** Clients of the unmodified SDK. */
final class SdkClients {
  static final String ID = "LTAI5tTestKeyId";
  static final String SECRET = "TestSecretOfTheEmulator";

  private SdkClients() {}

  static ClientBuilderConfiguration configuration(SignVersion version) {
    ClientBuilderConfiguration configuration = new ClientBuilderConfiguration();
    configuration.setSignatureVersion(version);
    configuration.setSLDEnabled(true);
    configuration.setMaxErrorRetry(0);
    configuration.setConnectionTimeout(5_000);
    configuration.setSocketTimeout(20_000);
    configuration.setConnectionRequestTimeout(5_000);
    return configuration;
  }

  @SuppressWarnings("JavaUtilDate") // the SDK asks for one
  static URL presigned(OSS client, HttpMethod method, String key, Duration validity) {
    GeneratePresignedUrlRequest request = new GeneratePresignedUrlRequest("bucket", key, method);
    request.setExpiration(Date.from(Instant.now().plus(validity)));
    return client.generatePresignedUrl(request);
  }

  static OSS client(OssEmulator emulator, SignVersion version) {
    return client(emulator, ID, SECRET, configuration(version));
  }

  static OSS client(
      OssEmulator emulator, String id, String secret, ClientBuilderConfiguration configuration) {
    return OSSClientBuilder.create()
        .endpoint(emulator.endpoint())
        .credentialsProvider(new DefaultCredentialProvider(id, secret))
        .clientConfiguration(configuration)
        .region("cn-hangzhou")
        .build();
  }
}
