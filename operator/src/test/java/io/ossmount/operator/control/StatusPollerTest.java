package io.ossmount.operator.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import io.grpc.Status;
import io.ossmount.operator.control.DeadSessions.Dead;
import io.ossmount.operator.control.PodReport.Store;
import io.ossmount.proto.control.v1.DeadSession;
import io.ossmount.proto.control.v1.DeadSessions;
import io.ossmount.proto.control.v1.GetStatusResponse;
import io.ossmount.proto.control.v1.NestedMountStatus;
import io.ossmount.proto.control.v1.StoreCheck;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatusPollerTest {
  private static final PodAddress POD =
      new PodAddress("p1", "containerd://1", "10.0.0.1", "u1.cachepods.ossmount.io");

  private final FakePods pods = new FakePods();
  private final ConcurrentLinkedQueue<String> changes = new ConcurrentLinkedQueue<>();
  private final StatusPoller poller =
      new StatusPoller(pods, Clock.systemUTC(), Duration.ofMillis(40), Duration.ofMillis(10));

  /** Pods that answer what they are told to. */
  private static final class FakePods implements ControlClient {
    final Map<String, GetStatusResponse> answers = new ConcurrentHashMap<>();
    final Set<String> forgotten = Collections.synchronizedSet(new HashSet<>());
    final AtomicInteger asked = new AtomicInteger();

    @Override
    public GetStatusResponse status(PodAddress pod) {
      asked.incrementAndGet();
      var answer = answers.get(pod.uid());
      if (answer == null) {
        throw Status.UNAVAILABLE.withDescription("connection refused").asRuntimeException();
      }
      return answer;
    }

    @Override
    public void forget(String podUid) {
      forgotten.add(podUid);
    }

    @Override
    public void close() {}
  }

  private static GetStatusResponse answer(String reason) {
    return GetStatusResponse.newBuilder()
        .setConfigurationHash("c0ffee")
        .setStore(StoreCheck.newBuilder().setReason(reason))
        .build();
  }

  @AfterEach
  void close() {
    poller.close();
  }

  @Test
  void whatIsNewIsToldOnce() {
    // given
    pods.answers.put("p1", answer("Reachable"));
    poller.start(changes::add);

    // when
    poller.watch("u1", List.of(POD));
    await().atMost(Duration.ofSeconds(10)).until(() -> pods.asked.get() > 3);

    // then
    assertThat(changes).containsExactly("u1");
    assertThat(poller.reports("u1").get("p1"))
        .satisfies(
            report -> assertThat(report.store()).isEqualTo(new Store("Reachable", "", false)))
        .satisfies(report -> assertThat(report.configurationHash()).isEqualTo("c0ffee"));
  }

  @Test
  void aPodThatDoesNotAnswerKeepsWhatItSaidAndSaysWhy() {
    // given
    pods.answers.put("p1", answer("Reachable"));
    poller.start(changes::add);
    poller.watch("u1", List.of(POD));
    await().atMost(Duration.ofSeconds(10)).until(() -> changes.size() == 1);

    // when
    pods.answers.clear();
    await().atMost(Duration.ofSeconds(10)).until(() -> changes.size() == 2);

    // then
    assertThat(poller.reports("u1").get("p1"))
        .satisfies(
            report -> assertThat(report.failure()).isEqualTo("UNAVAILABLE: connection refused"))
        .satisfies(report -> assertThat(report.store().reason()).isEqualTo("Reachable"));
  }

  @Test
  void whatAContainerSaidDoesNotHoldForTheNext() {
    // given
    pods.answers.put("p1", answer("Reachable"));
    poller.start(changes::add);
    poller.watch("u1", List.of(POD));
    await().atMost(Duration.ofSeconds(10)).until(() -> changes.size() == 1);
    pods.answers.clear();

    // when
    poller.watch("u1", List.of(new PodAddress("p1", "containerd://2", POD.ip(), POD.serverName())));

    // then
    assertThat(poller.reports("u1").get("p1"))
        .satisfies(report -> assertThat(report.answered()).isNull());
  }

  @Test
  void whatItSaysOfNestedMountsIsRemembered() {
    // given
    var labels =
        NestedMountStatus.newBuilder()
            .setPath("labels")
            .setStore(StoreCheck.newBuilder().setReason("AccessDenied").setMessage("no"))
            .setHidesFile(true)
            .build();
    pods.answers.put("p1", answer("Reachable").toBuilder().addMounts(labels).build());
    poller.start(changes::add);

    // when
    poller.watch("u1", List.of(POD));
    await().atMost(Duration.ofSeconds(10)).until(() -> changes.size() == 1);

    // then
    assertThat(poller.reports("u1").get("p1"))
        .satisfies(report ->
            assertThat(report.mounts())
                .isEqualTo(Map.of("labels", new Store("AccessDenied", "no", false, true))))
        .satisfies(report -> assertThat(report.isFine()).isFalse());
  }

  @Test
  void whatItSaysOfDeadSessionsIsRememberedUpToABoundAlsoWhenItAnswersNoMore() {
    // given
    var said =
        DeadSessions.newBuilder()
            .addAllSessions(
                Collections.nCopies(
                    120,
                    DeadSession.newBuilder()
                        .setSession("s-1")
                        .setVolume("v".repeat(1000))
                        .setReason("Aborted")
                        .setSince(Timestamp.newBuilder().setSeconds(5))
                        .build()))
            .setMore(-1);
    pods.answers.put("p1", answer("Reachable").toBuilder().setDeadSessions(said).build());
    poller.start(changes::add);

    // when
    poller.watch("u1", List.of(POD));
    await().atMost(Duration.ofSeconds(10)).until(() -> changes.size() == 1);
    pods.answers.clear();
    await().atMost(Duration.ofSeconds(10)).until(() -> changes.size() == 2);

    // then
    var report = poller.reports("u1").getOrDefault("p1", PodReport.NONE);
    assertThat(report.dead().sessions())
        .hasSize(100)
        .containsOnly(new Dead("s-1", "v".repeat(128), true, Instant.ofEpochSecond(5)));
    assertThat(report.dead().more()).isEqualTo(20 + 0xffff_ffffL);
    assertThat(report.isFine()).isFalse();
  }

  @Test
  void aVolumeThatDiedOrWasHealedIsNews() {
    // given
    pods.answers.put("p1", answer("Reachable"));
    poller.start(changes::add);
    poller.watch("u1", List.of(POD));
    await().atMost(Duration.ofSeconds(10)).until(() -> changes.size() == 1);

    // when
    var dead = DeadSessions.newBuilder().addSessions(DeadSession.getDefaultInstance());
    pods.answers.put("p1", answer("Reachable").toBuilder().setDeadSessions(dead).build());

    // then
    await().atMost(Duration.ofSeconds(10)).until(() -> changes.size() == 2);
    pods.answers.put("p1", answer("Reachable"));
    await().atMost(Duration.ofSeconds(10)).until(() -> changes.size() == 3);
    assertThat(poller.reports("u1").get("p1"))
        .satisfies(report -> assertThat(report.isFine()).isTrue());
  }

  @Test
  void aPodThatIsGoneIsForgotten() {
    // given
    poller.watch("u1", List.of(POD));

    // when
    poller.watch("u1", List.of());

    // then
    assertThat(poller.reports("u1")).isEmpty();
    assertThat(pods.forgotten).containsExactly("p1");
  }
}
