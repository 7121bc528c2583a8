package io.ossmount.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.aliyun.oss.OSSException;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClockSkewIT extends SingleEmulator {
  @Override
  OssEmulator.Builder configure(OssEmulator.Builder builder) {
    return builder.clock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(20)));
  }

  @Test
  void aClientWhoseClockIsWrongIsTold() {
    assertThatThrownBy(() -> oss.listObjectsV2(BUCKET))
        .isInstanceOfSatisfying(
            OSSException.class,
            e -> {
              assertThat(e.getErrorCode()).isEqualTo("RequestTimeTooSkewed");
              assertThat(e.getRawResponseError()).contains("<ServerTime>");
            });
  }
}
