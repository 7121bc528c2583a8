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
import io.ossmount.fuse.server.StandIns;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who serves what, with descriptors that are only memory. */
@Timeout(60)
final class FdStoreIT {
  private final AtomicLong now = new AtomicLong();
  private final AtomicBoolean held = new AtomicBoolean();
  private final FakeStandIns standIns = new FakeStandIns();
  private final FdStore store =
      new FdStore((devices, _) -> held.get() ? devices : Set.of(), now::get, standIns);
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
    var again = pod.again();

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
    assertThat(store.state(session)).isInstanceOf(Over.class);

    var older = new FakePod(store, "u-1", 1);
    older.connect(Map.of("s-1", descriptors()));

    assertThat(store.state(session)).isEqualTo(new Serving(older));
  }

  @Test
  void a_session_that_a_living_process_may_have_waits_for_it() throws Exception {
    held.set(true);
    var session = store.adopt(info("s-1", "u-1"), "0:1");
    new FakePod(store, "u-1", 2).connect();
    assertThat(store.state(session)).isEqualTo(new Unclaimed());

    held.set(false);
    for (int i = 0; i < 5; i++) {
      store.tick();
    }
    assertThat(store.state(session)).isInstanceOf(Over.class);
  }

  @Test
  void a_session_cannot_be_claimed_from_a_living_process() throws Exception {
    var session = add("s-1", "u-1");
    var pod = served(session, 1);
    var other = new FakePod(store, "u-1", 2);

    other.connect(Map.of("s-1", descriptors()));

    assertThat(store.state(session)).isEqualTo(new Serving(pod));
    assertThat(other.received()).containsExactly("forget s-1");
    pod.disconnect();
    var third = new FakePod(store, "u-1", 3);
    third.connect(Map.of("s-1", descriptors()));
    assertThat(third.received()).containsExactly("forget s-1");
    assertThat(store.state(session)).isEqualTo(new Unserved());
  }

  @Test
  void a_pod_that_does_not_answer_Serve_is_told_of() throws Exception {
    var session = add("s-1", "u-1");
    var pod = new FakePod(store, "u-1", 1).thatAnswersPings();
    pod.connect();
    pass(29);
    assertThat(store.state(session)).isEqualTo(new Asked(pod));

    pass(2);

    assertThat(store.state(session))
        .isInstanceOfSatisfying(
            NotServing.class, state -> assertThat(state.reason()).isEqualTo("NoAnswer"));
    assertThat(pod.process().isKilled()).isFalse();

    var next = new FakePod(store, "u-1", 2);
    next.connect();
    pass(1);
    assertThat(pod.process().isKilled()).isTrue();
    pod.die();
    assertThat(next.received()).containsExactly("serve s-1");
  }

  @Test
  void a_server_that_hangs_is_killed_once_and_its_sessions_go_on() throws Exception {
    var session = add("s-1", "u-1");
    var pod = new FakePod(store, "u-1", 1).thatAnswersPings();
    pod.connect();
    store.serving(pod, "s-1");
    var next = new FakePod(store, "u-1", 2);
    next.connect();
    pod.hang();

    pass(2);

    assertThat(pod.process().isKilled()).isTrue();
    assertThat(store.counts()).isEqualTo(counts(1, 1, 0, 1));
    pod.die();
    assertThat(next.received()).containsExactly("serve s-1");
    assertThat(store.state(session)).isEqualTo(new Asked(next));
    assertThat(store.counts()).isEqualTo(counts(1, 0, 1, 1));
  }

  @Test
  void a_process_that_does_not_connect_again_is_killed_and_an_old_one_is_not() throws Exception {
    add("s-1", "u-1");
    add("s-2", "u-2");
    var pod = new FakePod(store, "u-1", 1).thatAnswersPings();
    var old = new FakePod(store, "u-2", 2);
    pod.connect();
    old.connect();
    pod.disconnect();
    old.disconnect();

    pass(7);
    assertThat(pod.process().isKilled()).isFalse();
    pass(2);

    assertThat(pod.process().isKilled()).isTrue();
    assertThat(old.process().isKilled()).isFalse();
  }

  @Test
  void nobody_is_to_blame_when_the_plugin_itself_stood_still() throws Exception {
    add("s-1", "u-1");
    var pod = new FakePod(store, "u-1", 1).thatAnswersPings();
    pod.connect();
    pod.disconnect();
    store.tick();

    now.addAndGet(TimeUnit.SECONDS.toNanos(60));
    store.tick();

    assertThat(pod.process().isKilled()).isFalse();
  }

  @Test
  void who_leaves_is_let_go_and_followed_when_its_process_has_ended() throws Exception {
    var session = add("s-1", "u-1");
    var pod = served(session, 1);

    store.leaving(pod);

    assertThat(pod.received()).containsExactly("serve s-1", "release s-1");
    var late = add("s-2", "u-1");
    assertThat(store.state(late)).isEqualTo(new Unserved());
    var next = new FakePod(store, "u-1", 2);
    next.connect();
    assertThat(next.received()).containsExactly("serve s-2");
    store.handedOver(pod, "s-1");
    assertThat(store.state(session)).isEqualTo(new Unserved());
    assertThat(next.received()).containsExactly("serve s-2");

    pod.die();

    assertThat(next.received()).containsExactly("serve s-2", "serve s-1");
  }

  @Test
  void a_session_that_is_handed_over_after_the_end_of_its_process_is_not_lost() throws Exception {
    var session = add("s-1", "u-1");
    var pod = served(session, 1);
    store.leaving(pod);
    var next = new FakePod(store, "u-1", 2);
    next.connect();

    pod.processEnds();
    store.handedOver(pod, "s-1");
    pod.disconnect();

    assertThat(next.received()).containsExactly("serve s-1");
  }

  @Test
  void from_the_end_of_a_server_to_the_next_one_there_is_a_stand_in() throws Exception {
    var session = add("s-1", "u-1");
    assertThat(standIns.reads("s-1")).as("never served").isFalse();
    var first = served(session, 1);
    assertThat(standIns.reads("s-1")).as("served").isFalse();

    first.disconnect();
    assertThat(standIns.reads("s-1")).as("the server may live").isFalse();
    first.processEnds();
    assertThat(standIns.reads("s-1")).as("the server is dead").isTrue();

    var second = new FakePod(store, "u-1", 2);
    second.connect();
    assertThat(second.received()).containsExactly("serve s-1");
    assertThat(standIns.reads("s-1")).as("the next one is asked").isFalse();
    assertThat(store.state(session)).isEqualTo(new Asked(second));
  }

  @Test
  void what_nobody_could_stand_in_for_is_tried_again() throws Exception {
    var session = add("s-1", "u-1");
    standIns.fail(2);
    served(session, 1).die();
    assertThat(standIns.reads("s-1")).isFalse();

    pass(1);
    assertThat(standIns.reads("s-1")).as("fails once more").isFalse();
    pass(1);
    assertThat(standIns.reads("s-1")).isTrue();
  }

  @Test
  void a_process_whose_end_was_not_told_is_followed_all_the_same() throws Exception {
    var session = add("s-1", "u-1");
    var first = served(session, 1);
    var late = add("s-2", "u-2");
    var alone = served(late, 2);
    var second = new FakePod(store, "u-1", 3);
    second.connect();
    first.disconnect();
    alone.disconnect();
    pass(1);
    assertThat(second.received()).as("it lives").isEmpty();

    first.process().dieUnnoticed();
    alone.process().dieUnnoticed();
    pass(1);

    assertThat(second.received()).containsExactly("serve s-1");
    assertThat(standIns.reads("s-1")).isFalse();
    assertThat(standIns.reads("s-2")).isTrue();
    pass(1);
    assertThat(second.received()).as("once").containsExactly("serve s-1");
  }

  @Test
  void what_goes_wrong_with_one_session_keeps_no_other_from_its_next_server() throws Exception {
    var broken = add("s-1", "u-1");
    var session = add("s-2", "u-1");
    var first = served(broken, 1);
    store.serving(first, "s-2");
    var second =
        new FakePod(store, "u-1", 2)
            .that((_, frame) -> {
              if (frame.getServe().getSession().equals("s-1")) {
                throw new IllegalStateException("a fault of the plugin's own");
              }
            });
    second.connect();

    first.die();

    assertThat(second.received()).contains("serve s-2");
    assertThat(store.state(session)).isEqualTo(new Asked(second));
  }

  @Test
  void a_mount_that_is_in_use_ends_with_the_plugin_unless_a_pod_keeps_it() throws Exception {
    var session = add("s-1", "u-1");
    assertThat(store.heldHereAlone()).as("nobody uses it yet").isEmpty();
    var first = served(session, 1);
    assertThat(store.heldHereAlone()).as("served").isEmpty();
    first.disconnect();
    assertThat(store.heldHereAlone()).as("the process lives").isEmpty();
    var again = first.again();
    again.connect(Map.of("s-1", descriptors()));
    assertThat(store.heldHereAlone()).as("handed back").isEmpty();

    store.leaving(again);
    assertThat(store.heldHereAlone()).as("it lets go").containsExactly(session);
    store.serving(again, "s-1");
    assertThat(store.heldHereAlone()).as("it lets go still").containsExactly(session);
    store.handedOver(again, "s-1");
    assertThat(store.heldHereAlone()).as("it has let go").containsExactly(session);
    again.die();
    assertThat(store.heldHereAlone()).as("it is dead").containsExactly(session);

    var next = new FakePod(store, "u-1", 2);
    next.connect();
    assertThat(store.heldHereAlone()).as("asked").containsExactly(session);
    store.notServing(next, "s-1", "AccessDenied", "no");
    assertThat(store.heldHereAlone()).as("it has it, and goes on trying").isEmpty();
    next.process().dieUnnoticed();
    assertThat(store.heldHereAlone()).as("dead, and not noticed").containsExactly(session);
    assertThat(store.abort(session)).isTrue();
    assertThat(store.heldHereAlone()).as("given up").isEmpty();
  }

  @Test
  void who_has_a_mount_alone_waits_for_its_next_server_and_not_for_ever() throws Exception {
    var session = add("s-1", "u-1");
    served(session, 1).die();
    store.awaitOtherHolders(Deadline.after(Duration.ofMillis(100)));
    assertThat(store.heldHereAlone()).as("in vain").containsExactly(session);

    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var ending =
          executor.submit(() -> {
            store.awaitOtherHolders(Deadline.after(Duration.ofMinutes(1)));
            return true;
          });
      var next = new FakePod(store, "u-1", 2);
      next.connect();
      Thread.sleep(200);
      assertThat(ending.isDone()).isFalse();

      store.serving(next, "s-1");

      assertThat(ending.get(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_session_with_a_stand_in_is_not_given_to_who_only_says_that_he_serves_it()
      throws Exception {
    var session = add("s-1", "u-1");
    served(session, 1).die();
    var other = new FakePod(store, "u-1", 2);

    other.connect(Map.of("s-1", descriptors()));

    // It has to let go, and then gets it like anybody.
    assertThat(other.received()).containsExactly("forget s-1", "serve s-1");
    assertThat(standIns.reads("s-1")).isFalse();
  }

  @Test
  void a_session_that_nobody_serves_any_more_can_be_given_up() throws Exception {
    var session = add("s-1", "u-1");
    assertThat(store.outages()).as("nobody uses it yet").isEmpty();
    var pod = served(session, 1);
    assertThat(store.outages()).isEmpty();
    assertThat(store.abort(session)).as("it is served").isFalse();
    pod.die();
    pass(3);
    assertThat(store.outages()).containsExactly(new Outage(session, Duration.ofSeconds(3)));

    assertThat(store.abort(session)).isTrue();

    assertThat(store.state(session)).isInstanceOf(Over.class);
    assertThat(store.findOrLeaveAlone("0:1")).contains(session);
    assertThat(standIns.reads("s-1")).isFalse();
    assertThat(store.outages()).isEmpty();
    assertThat(store.abort(session)).as("a second time").isFalse();
    var next = new FakePod(store, "u-1", 2);
    next.connect(Map.of("s-1", descriptors()));
    assertThat(next.received()).containsExactly("forget s-1");
  }

  @Test
  void a_refusal_does_not_make_the_waiting_shorter_nor_does_a_pause_make_it_longer()
      throws Exception {
    var session = add("s-1", "u-1");
    served(session, 1).die();
    pass(3);
    var next = new FakePod(store, "u-1", 2);
    next.connect();
    store.notServing(next, "s-1", "AccessDenied", "no");
    pass(3);
    now.addAndGet(TimeUnit.SECONDS.toNanos(60));
    store.tick();

    assertThat(store.outages()).containsExactly(new Outage(session, Duration.ofSeconds(6)));
    store.serving(next, "s-1");
    assertThat(store.outages()).isEmpty();
  }

  @Test
  void an_unclaimed_session_has_no_stand_in() throws Exception {
    held.set(true);
    store.adopt(info("s-1", "u-1"), "0:1");
    var pod = new FakePod(store, "u-1", 2);
    pod.connect();

    pod.die();

    assertThat(standIns.reads("s-1")).isFalse();
  }

  @Test
  void a_session_that_ends_under_its_stand_in_is_over() throws Exception {
    var session = add("s-1", "u-1");
    served(session, 1).die();

    standIns.over("s-1");

    assertThat(store.state(session)).isInstanceOf(Over.class);
    assertThat(standIns.reads("s-1")).isFalse();
    var next = new FakePod(store, "u-1", 2);
    next.connect();
    assertThat(next.received()).isEmpty();
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
            store.forget(session, Deadline.after(Duration.ofMinutes(1)));
            return true;
          });
      while (!pod.received().contains("forget s-1")) {
        Thread.sleep(5);
      }
      assertThat(forgetting.isDone()).isFalse();
      pod.die();
      assertThat(forgetting.get(30, TimeUnit.SECONDS)).isTrue();
    }
    store.forget(session, Deadline.after(Duration.ofSeconds(10)));
    store.remove(session);
    store.remove(session);
    assertThat(store.withKey(session.info().key())).isEmpty();
  }

  private static FdStore.Counts counts(long sessions, long served, long takeovers, long killed) {
    var none = new StandIns.Counts(0, 0, 0);
    return new FdStore.Counts(sessions, served, 0, takeovers, killed, 0, none);
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      now.addAndGet(TimeUnit.SECONDS.toNanos(1));
      store.tick();
    }
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
