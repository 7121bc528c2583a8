package io.ossmount.operator.mounttest;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.ossmount.api.v1alpha1.LocalReference;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.OssMountTestSpec;
import io.ossmount.api.v1alpha1.OssMountTestStatus;
import io.ossmount.operator.mounttest.ObservedTest.RunningJob;
import io.ossmount.operator.mounttest.ObservedTest.TestedMount;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A test in a cluster, as it is observed; mutable. */
final class TestScene {
  static final Instant CREATED = Instant.parse("2026-11-25T12:00:00Z");
  static final TestIdentity TEST =
      new TestIdentity("ml", "of-data", "1a2b3c4d-0000-4000-8000-000000000001", 1, CREATED);

  @Nullable OssMountTestStatus status;
  @Nullable TestedMount mount;
  @Nullable RunningJob job;
  RunLog log = RunLog.NONE;
  Instant now = CREATED.plusSeconds(10);
  @Nullable String ttl;
  private @Nullable String endpoint = "oss-cn-shanghai.aliyuncs.com";

  TestScene after(Duration time) {
    now = CREATED.plus(time);
    return this;
  }

  /** Of the OssMounts that are made from now on. */
  TestScene endpoint(@Nullable String other) {
    endpoint = other;
    return this;
  }

  TestScene mount(boolean ready, String why) {
    var spec =
        Serialization.unmarshal(
                """
                apiVersion: ossmount.io/v1alpha1
                kind: OssMount
                metadata: {name: data}
                spec: {bucket: b-1, endpoint: %s, secretRef: {name: s}}
                """
                    .formatted(endpoint),
                OssMount.class)
            .getSpec();
    mount = new TestedMount(spec, ready, why);
    return this;
  }

  TestScene job(boolean finished, boolean overdue, String trouble) {
    job = new RunningJob(finished, overdue, trouble);
    return this;
  }

  TestScene log(String... lines) {
    log = RunLog.parse(String.join("\n", lines));
    return this;
  }

  ObservedTest observed() {
    return new ObservedTest(
        TEST,
        new OssMountTestSpec(new LocalReference("data"), false, Map.of(), "5m", ttl),
        status,
        mount,
        job,
        log,
        now);
  }

  TestStep step() {
    return TestStep.of(observed());
  }

  /** One look: the status that comes of it is the one that stands from now on. */
  OssMountTestStatus round() {
    var observed = observed();
    var after = TestReport.of(observed, TestStep.of(observed), "");
    status = after;
    return after;
  }

  static String row(String name, String result, String message) {
    return "{\"ossmountTest\":\"row\",\"name\":\"%s\",\"result\":\"%s\",\"millis\":7,\"message\":\"%s\"}"
        .formatted(name, result, message);
  }

  static String plan(int total) {
    return "{\"ossmountTest\":\"plan\",\"total\":" + total + "}";
  }

  static final String END = "{\"ossmountTest\":\"end\"}";
}
