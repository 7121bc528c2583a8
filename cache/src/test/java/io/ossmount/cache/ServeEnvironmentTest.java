package io.ossmount.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ossmount.cache.serve.SessionClient.PodName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServeEnvironmentTest {

  @Test
  void aPodIsToldWhoItIsAndNoMore() {
    var told =
        new ServeEnvironment(
            Map.of(
                "OSSMOUNT_POD_NAMESPACE", "ml",
                "OSSMOUNT_POD_NAME", "data-abcde",
                "OSSMOUNT_POD_UID", "7",
                "OSSMOUNT_NODE", "gpu-1"));
    assertThat(told.surroundings())
        .isEqualTo(
            new CachePod.Surroundings(
                Path.of("/etc/ossmount"),
                Path.of("/var/lib/ossmount"),
                "gpu-1",
                new PodName("ml", "data-abcde", "7"),
                9443,
                9402,
                Duration.ofMinutes(10),
                0));
  }

  @Test
  void elsewhereItIsToldWhere() {
    var told =
        new ServeEnvironment(
            Map.of(
                "OSSMOUNT_CONFIGURATION", "/c",
                "OSSMOUNT_NODE_DIRECTORY", "/n",
                "OSSMOUNT_CONTROL_PORT", "0",
                "OSSMOUNT_HEALTH_PORT", "65535",
                "OSSMOUNT_SESSION_PATIENCE", "PT40S",
                "OSSMOUNT_UNWANTED_FUSE_FLAGS", "0x8000000000"));
    assertThat(told.surroundings())
        .isEqualTo(
            new CachePod.Surroundings(
                Path.of("/c"),
                Path.of("/n"),
                "",
                new PodName("", "", ""),
                0,
                65_535,
                Duration.ofSeconds(40),
                1L << 39));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "65536"})
  void whatIsNoPortIsNamed(String text) {
    var told = new ServeEnvironment(Map.of("OSSMOUNT_HEALTH_PORT", text));
    assertThatIllegalArgumentException()
        .isThrownBy(told::surroundings)
        .withMessage(
            "OSSMOUNT_HEALTH_PORT is %s: give a port, 0 (any that is free) to 65535", text);
  }

  @Test
  void whatIsNoDurationIsNamed() {
    var told = new ServeEnvironment(Map.of("OSSMOUNT_SESSION_PATIENCE", "10m"));
    assertThatIllegalArgumentException()
        .isThrownBy(told::surroundings)
        .withMessage("OSSMOUNT_SESSION_PATIENCE is 10m: give a duration such as PT10M");
  }

  @Test
  void whatAreNoFlagsIsNamed() {
    var told = new ServeEnvironment(Map.of("OSSMOUNT_UNWANTED_FUSE_FLAGS", "RESEND"));
    assertThatIllegalArgumentException()
        .isThrownBy(told::surroundings)
        .withMessage("OSSMOUNT_UNWANTED_FUSE_FLAGS is RESEND: give a number such as 0x8000000000");
  }
}
