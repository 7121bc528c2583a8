package io.ossmount.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSException;
import com.aliyun.oss.common.comm.SignVersion;
import com.aliyun.oss.model.OSSObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An emulator with one bucket and a V4 client for each test. */
@Timeout(60)
abstract class SingleEmulator {
  static final String BUCKET = "bucket";

  @TempDir Path directory;
  OssEmulator emulator;
  OSS oss;

  @SuppressWarnings("NullAway.Init") // set before each test
  SingleEmulator() {}

  OssEmulator.Builder configure(OssEmulator.Builder builder) {
    return builder;
  }

  @BeforeEach
  void start() throws IOException {
    emulator =
        configure(
                OssEmulator.builder()
                    .directory(directory)
                    .bucket(BUCKET)
                    .accessKey(SdkClients.ID, SdkClients.SECRET))
            .start();
    oss = SdkClients.client(emulator, SignVersion.V4);
  }

  @AfterEach
  void stop() {
    oss.shutdown();
    emulator.close();
  }

  void put(String key, byte[] bytes) {
    oss.putObject(BUCKET, key, new ByteArrayInputStream(bytes));
  }

  static byte[] get(OSS client, String key) throws IOException {
    OSSObject object = client.getObject(BUCKET, key);
    try {
      return object.getObjectContent().readAllBytes();
    } finally {
      object.forcedClose();
    }
  }

  /** The error code with which OSS refuses a call. */
  static String code(ThrowingCallable call) {
    Throwable thrown = catchThrowable(call);
    assertThat(thrown).isInstanceOf(OSSException.class);
    return ((OSSException) thrown).getErrorCode();
  }
}
