package io.ossmount.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.aliyun.oss.ClientBuilderConfiguration;
import com.aliyun.oss.OSS;
import com.aliyun.oss.common.comm.SignVersion;
import io.ossmount.emulator.api.Operation;
import io.ossmount.emulator.fault.Effect;
import io.ossmount.emulator.fault.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TlsIT {
  private static final String PASSWORD = "changeit";

  @TempDir Path directory;

  /** With the JDK's keytool, as a user would. */
  private Path keyStore() throws IOException, InterruptedException {
    Path file = directory.resolve("emulator.p12");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Process process =
        new ProcessBuilder(
                List.of(
                    keytool.toString(),
                    "-genkeypair",
                    "-alias",
                    "emulator",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=127.0.0.1",
                    "-ext",
                    "SAN=ip:127.0.0.1",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    file.toString(),
                    "-storepass",
                    PASSWORD))
            .inheritIO()
            .start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    return file;
  }

  @Test
  void objectsTravelByHttps() throws IOException, InterruptedException {
    try (OssEmulator emulator =
        OssEmulator.builder()
            .directory(directory.resolve("data"))
            .bucket("bucket")
            .accessKey(SdkClients.ID, SdkClients.SECRET)
            .tls(KeyStores.serverContext(keyStore(), PASSWORD.toCharArray()))
            .start()) {
      assertThat(emulator.endpoint()).startsWith("https://");
      ClientBuilderConfiguration configuration = SdkClients.configuration(SignVersion.V4);
      configuration.setVerifySSLEnable(false); // nobody signed the certificate
      OSS oss = SdkClients.client(emulator, SdkClients.ID, SdkClients.SECRET, configuration);
      byte[] bytes = new byte[1_000_000];
      new Random(1).nextBytes(bytes);
      oss.putObject("bucket", "k", new ByteArrayInputStream(bytes));
      assertThat(SingleEmulator.get(oss, "k")).isEqualTo(bytes);
      emulator.faults().add(Fault.on(Operation.GET_OBJECT).gives(new Effect.CutBody(10, true)));
      assertThat(catchThrowable(() -> SingleEmulator.get(oss, "k")))
          .isInstanceOf(IOException.class);
      oss.shutdown();
    }
  }
}
