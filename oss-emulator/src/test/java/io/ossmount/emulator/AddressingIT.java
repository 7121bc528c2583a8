package io.ossmount.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.aliyun.oss.ClientBuilderConfiguration;
import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSClientBuilder;
import com.aliyun.oss.common.auth.DefaultCredentialProvider;
import com.aliyun.oss.common.comm.SignVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Buckets as names below the service's. The emulator is its client's proxy, as there is no DNS. */
class AddressingIT extends SingleEmulator {
  @Override
  OssEmulator.Builder configure(OssEmulator.Builder builder) {
    return builder.hostSuffix("oss.example.test").hostSuffix("path.oss.example.test");
  }

  @ParameterizedTest
  @EnumSource(names = {"V1", "V4"})
  void bucketsCanBeHosts(SignVersion version) throws IOException {
    OSS client = client(version, "oss.example.test", false);
    client.putObject(BUCKET, "a//../b", new ByteArrayInputStream(new byte[] {1}));
    assertThat(get(client, "a//../b")).containsExactly(1);
    assertThat(get(oss, "a//../b")).containsExactly(1);
    assertThat(client.listBuckets()).hasSize(1);
    client.shutdown();
  }

  @ParameterizedTest
  @EnumSource(names = {"V1", "V4"})
  void aNameOfTheServiceIsNoBucketOfAShorterOne(SignVersion version) throws IOException {
    OSS client = client(version, "path.oss.example.test", true);
    client.putObject(BUCKET, "key", new ByteArrayInputStream(new byte[] {1}));
    assertThat(get(client, "key")).containsExactly(1);
    client.shutdown();
  }

  private OSS client(SignVersion version, String host, boolean bucketInPath) {
    ClientBuilderConfiguration configuration = SdkClients.configuration(version);
    configuration.setSLDEnabled(bucketInPath);
    configuration.setProxyHost("127.0.0.1");
    configuration.setProxyPort(emulator.port());
    return OSSClientBuilder.create()
        .endpoint("http://" + host + ":" + emulator.port())
        .credentialsProvider(new DefaultCredentialProvider(SdkClients.ID, SdkClients.SECRET))
        .clientConfiguration(configuration)
        .region("cn-hangzhou")
        .build();
  }
}
