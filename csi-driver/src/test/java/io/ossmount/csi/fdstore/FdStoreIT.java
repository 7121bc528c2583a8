package io.ossmount.csi.fdstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.csi.fdstore.SessionState.Asked;
import io.ossmount.csi.fdstore.SessionState.NotServing;
import io.ossmount.csi.fdstore.SessionState.Over;
import io.ossmount.csi.fdstore.SessionState.Serving;
import io.ossmount.csi.fdstore.SessionState.Unclaimed;
import io.ossmount.csi.fdstore.SessionState.Unserved;
import io.ossmount.csi.volume.Deadline;
import io.ossmount.csi.volume.Directory;
import io.ossmount.csi.volume.SessionKey;
import io.ossmount.csi.volume.VolumeId;
import io.ossmount.fuse.kernel.SessionMemory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who serves what, with descriptors that are only memory. */
@Timeout(20)
final class FdStoreIT {
  private final FdStore store = new FdStore();
  private final List<Descriptors> made = new ArrayList<>();

  @AfterEach
  void nothing_stays_open() {
    store.close();
    assertThat(made).allSatisfy(descriptors -> assertThat(isClosed(descriptors)).isTrue());
  }

  @Test
  void a_session_waits_for_a_pod_and_is_served_by_it() throws Exception {
    var session = add("s-1", "u-1");
    assertThat(store.state(session)).isEqualTo(new Unserved());

    var pod = new FakePod(store, "u-1", 1);
    pod.connect();
    assertThat(store.state(session)).isEqualTo(new Asked(pod));
    store.serving(pod, "s-1");

    assertThat(store.awaitServed(session, now())).isEqualTo(new Serving(pod));
    assertThat(pod.received()).containsExactly("serve s-1");
  }

  @Test
  void a_pod_serves_sessions_of_its_own_ossmount_only() throws Exception {
    var session = add("s-1", "u-1");
    var other = new FakePod(store, "u-2", 2);
    other.connect();

    store.serving(other, "s-1");
    store.ended(other, "s-1");

    assertThat(store.state(session)).isEqualTo(new Unserved());
    assertThat(other.received()).isEmpty();
  }

  @Test
  void the_next_pod_serves_when_the_last_process_is_gone_and_not_before() throws Exception {
    var session = add("s-1", "u-1");
    var first = served(session, 1);
    first.disconnect();
    var second = new FakePod(store, "u-1", 2);
    second.connect();

    assertThat(store.state(session)).isEqualTo(new Unserved());
    assertThat(second.received()).isEmpty();

    first.processEnds();
    assertThat(second.received()).containsExactly("serve s-1");
  }

  @Test
  void a_process_that_connects_again_has_been_serving_all_along() throws Exception {
    var session = add("s-1", "u-1");
    var pod = served(session, 1);
    pod.disconnect();
    var again = new FakePod(store, "u-1", 1);

    again.connect(Map.of("s-1", descriptors()));

    assertThat(store.state(session)).isEqualTo(new Serving(again));
    assertThat(again.received()).isEmpty();
  }

  @Test
  void descriptors_that_are_handed_back_are_kept_for_the_next_pod() throws Exception {
    var session = store.adopt(info("s-1", "u-1"), "0:1");
    assertThat(store.state(session)).isEqualTo(new Unclaimed());
    var first = new FakePod(store, "u-1", 1);
    first.connect(Map.of("s-1", descriptors()));
    assertThat(store.state(session)).isEqualTo(new Serving(first));

    first.die();
    var second = new FakePod(store, "u-1", 2);
    second.connect();

    assertThat(second.received()).containsExactly("serve s-1");
  }

  @Test
  void a_session_that_no_one_hands_back_is_over_until_an_older_pod_brings_it() throws Exception {
    var session = store.adopt(info("s-1", "u-1"), "0:1");
    new FakePod(store, "u-1", 2).connect();
    assertThat(store.state(session)).isEqualTo(new Over());

    var older = new FakePod(store, "u-1", 1);
    older.connect(Map.of("s-1", descriptors()));

    assertThat(store.state(session)).isEqualTo(new Serving(older));
  }

  @Test
  void sessions_that_are_not_known_are_to_be_forgotten() throws Exception {
    var session = add("s-1", "u-1");
    var pod = new FakePod(store, "u-2", 1);

    pod.connect(Map.of("s-1", descriptors(), "s-gone", descriptors()));

    assertThat(pod.received()).containsExactlyInAnyOrder("forget s-1", "forget s-gone");
    assertThat(store.state(session)).isEqualTo(new Unserved());
  }

  @Test
  void a_refusal_is_kept_until_the_pod_serves_after_all() throws Exception {
    var session = add("s-1", "u-1");
    var pod = new FakePod(store, "u-1", 1);
    pod.connect();
    store.notServing(pod, "s-1", "AccessDenied", "no");

    assertThat(store.awaitServed(session, Deadline.after(Duration.ofMillis(20))))
        .isEqualTo(new NotServing(pod, "AccessDenied", "no"));

    store.serving(pod, "s-1");
    assertThat(store.awaitServed(session, now())).isEqualTo(new Serving(pod));
  }

  @Test
  void to_forget_waits_for_the_pod_or_its_end() throws Exception {
    var session = add("s-1", "u-1");
    var pod = served(session, 1);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var forgetting =
          executor.submit(() -> {
            store.forget(session, Deadline.after(Duration.ofSeconds(10)));
            return true;
          });
      while (!pod.received().contains("forget s-1")) {
        Thread.sleep(5);
      }
      assertThat(forgetting.isDone()).isFalse();
      pod.die();
      assertThat(forgetting.get(5, TimeUnit.SECONDS)).isTrue();
    }
    store.forget(session, Deadline.after(Duration.ofSeconds(10)));
    store.remove(session);
    store.remove(session);
    assertThat(store.find(session.info().key())).isEmpty();
  }

  private FakePod served(Session session, int pid) {
    var pod = new FakePod(store, session.info().key().ossMountUid(), pid);
    pod.connect();
    store.serving(pod, session.info().name());
    assertThat(store.state(session)).isEqualTo(new Serving(pod));
    return pod;
  }

  private Session add(String name, String ossMountUid) throws IOException {
    return store.add(info(name, ossMountUid), "0:1", descriptors());
  }

  private Descriptors descriptors() throws IOException {
    var descriptors = new Descriptors(SessionMemory.create(), SessionMemory.create());
    made.add(descriptors);
    return descriptors;
  }

  private static boolean isClosed(Descriptors descriptors) {
    return descriptors.fuse().isClosed() && descriptors.memory().isClosed();
  }

  private static Deadline now() {
    return Deadline.after(Duration.ZERO);
  }

  static SessionInfo info(String name, String ossMountUid) {
    var key =
        new SessionKey(
            new VolumeId("v-" + name),
            ossMountUid,
            Directory.WHOLE,
            false,
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty());
    return new SessionInfo(name, key, "ml/data");
  }
}
