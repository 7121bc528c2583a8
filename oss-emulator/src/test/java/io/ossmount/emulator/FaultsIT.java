package io.ossmount.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.aliyun.oss.ClientException;
import com.aliyun.oss.HttpMethod;
import com.aliyun.oss.InconsistentException;
import com.aliyun.oss.OSSException;
import com.aliyun.oss.common.utils.IOUtils;
import com.aliyun.oss.model.OSSObject;
import io.ossmount.emulator.api.Operation;
import io.ossmount.emulator.fault.Effect;
import io.ossmount.emulator.fault.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultsIT extends SingleEmulator {
  private static final int SIZE = 300_000;

  @BeforeEach
  void put() {
    put("a/1", content());
    emulator.requests().clear();
  }

  private static byte[] content() {
    byte[] bytes = new byte[SIZE];
    Arrays.fill(bytes, (byte) 'x');
    return bytes;
  }

  private void inject(Operation operation, Effect effect) {
    emulator.faults().add(Fault.on(operation).times(1).gives(effect));
  }

  @Test
  void errorsAreAnsweredAndLogged() throws IOException {
    inject(Operation.GET_OBJECT, Effect.qpsLimitExceeded());
    assertThat(code(() -> get(oss, "a/1"))).isEqualTo("QpsLimitExceeded");
    assertThat(emulator.requests().all())
        .singleElement()
        .satisfies(request -> {
          assertThat(request.status()).isEqualTo(503);
          assertThat(request.errorCode()).isEqualTo("QpsLimitExceeded");
          assertThat(request.isFaulted()).isTrue();
        });
    assertThat(get(oss, "a/1")).hasSize(SIZE);
  }

  @Test
  void onlyMatchingKeysAreHit() throws IOException {
    put("b/1", content());
    emulator.faults().add(Fault.onAny().key("b/*").gives(Effect.slowDown()));
    assertThat(get(oss, "a/1")).hasSize(SIZE);
    assertThat(code(() -> get(oss, "b/1"))).isEqualTo("SlowDown");
  }

  @Test
  void delaysAndSlowBodiesTakeTheirTime() throws IOException {
    inject(Operation.GET_OBJECT, new Effect.Delay(Duration.ofMillis(300)));
    inject(Operation.GET_OBJECT, new Effect.SlowBody(SIZE * 2L));
    long before = System.nanoTime();
    assertThat(get(oss, "a/1")).isEqualTo(content());
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(750));
  }

  @Test
  void cutBodiesEndEarly() {
    for (boolean isReset : new boolean[] {false, true}) {
      emulator.requests().clear();
      inject(Operation.GET_OBJECT, new Effect.CutBody(1000, isReset));
      assertThat(catchThrowable(() -> get(oss, "a/1"))).isInstanceOf(IOException.class);
      assertThat(emulator.requests().bytesOut(Operation.GET_OBJECT)).isEqualTo(1000);
    }
  }

  @Test
  void resetsComeBeforeOrAfterTheWork() {
    inject(Operation.DELETE_OBJECT, new Effect.Reset(false));
    assertThatThrownBy(() -> oss.deleteObject(BUCKET, "a/1")).isInstanceOf(ClientException.class);
    assertThat(oss.doesObjectExist(BUCKET, "a/1")).isTrue();
    inject(Operation.DELETE_OBJECT, new Effect.Reset(true));
    assertThatThrownBy(() -> oss.deleteObject(BUCKET, "a/1")).isInstanceOf(ClientException.class);
    assertThat(oss.doesObjectExist(BUCKET, "a/1")).isFalse();
  }

  @Test
  void aFlippedBitIsFoundByTheChecksum() throws IOException {
    inject(Operation.GET_OBJECT, new Effect.FlipBit(123_456));
    try (OSSObject object = oss.getObject(BUCKET, "a/1")) {
      assertThat(object.getObjectContent().readAllBytes()).hasSize(SIZE);
      assertThat(IOUtils.getCRCValue(object.getObjectContent()))
          .isNotEqualTo(object.getServerCRC());
    }
    try (OSSObject object = oss.getObject(BUCKET, "a/1")) {
      assertThat(object.getObjectContent().readAllBytes()).hasSize(SIZE);
      assertThat(IOUtils.getCRCValue(object.getObjectContent())).isEqualTo(object.getServerCRC());
    }
  }

  @Test
  void aFlippedBitIsOneBit() throws IOException {
    inject(Operation.GET_OBJECT, new Effect.FlipBit(123_456));
    byte[] got;
    try (RawHttp http = new RawHttp(emulator.port())) {
      String url =
          SdkClients.presigned(oss, HttpMethod.GET, "a/1", Duration.ofMinutes(1)).getFile();
      String answer =
          http.send("GET " + url + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
              .receiveAll();
      String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
      got = body.getBytes(StandardCharsets.ISO_8859_1);
    }
    byte[] expected = content();
    expected[123_456] ^= 1;
    assertThat(got).isEqualTo(expected);
  }

  @Test
  void aWrongCrcIsFoundByTheSdk() {
    inject(Operation.PUT_OBJECT, new Effect.WrongCrc());
    assertThatThrownBy(() -> put("a/2", content())).isInstanceOf(InconsistentException.class);
  }

  @Test
  void faultsOnHeadCarryTheirCodeInAHeader() {
    inject(Operation.HEAD_OBJECT, Effect.slowDown());
    assertThatThrownBy(() -> oss.headObject(BUCKET, "a/1"))
        .isInstanceOfSatisfying(
            OSSException.class, e -> assertThat(e.getErrorCode()).isEqualTo("SlowDown"));
  }
}
