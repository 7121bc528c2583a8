package io.ossmount.csi.fdstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.csi.fdstore.SessionState.Over;
import io.ossmount.csi.fdstore.SessionState.Serving;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.proto.session.v1.LiveSessions;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What cache pods are told of sessions that may come, with descriptors that are only memory. */
@Timeout(60)
final class LiveSessionsIT {
  private static final LiveSessions UNKNOWN = LiveSessions.newBuilder().setUnknown(true).build();

  private final AtomicBoolean held = new AtomicBoolean();
  private final FakeStandIns standIns = new FakeStandIns();
  private final FdStore store =
      new FdStore((devices, _) -> held.get() ? devices : Set.of(), System::nanoTime, standIns);

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void a_pod_is_told_after_hello_also_when_there_is_none_and_of_each_change_once()
      throws Exception {
    var pod = new FakePod(store, "u-1", 1);
    pod.connect();
    assertThat(pod.live()).containsExactly(list());

    var session = add("s-1", "u-1");
    add("s-2", "u-2");
    store.tick();
    store.serving(pod, "s-1");
    store.tick();
    assertThat(pod.live()).containsExactly(list(), list("s-1"));

    store.remove(session);
    store.tick();
    assertThat(pod.live()).containsExactly(list(), list("s-1"), list());
  }

  @Test
  void the_next_pod_may_get_what_the_one_before_serves_or_has_served() throws Exception {
    var first = new FakePod(store, "u-1", 1);
    first.connect();
    store.serving(first, add("s-1", "u-1").info().name());
    add("s-2", "u-1");
    var second = new FakePod(store, "u-1", 2);

    second.connect();
    first.die();
    store.tick();

    assertThat(second.received()).containsExactlyInAnyOrder("serve s-1", "serve s-2");
    assertThat(second.live()).containsExactly(list("s-1", "s-2"));
  }

  @Test
  void a_session_that_was_given_up_does_not_come_though_it_is_still_mounted() throws Exception {
    var session = add("s-1", "u-1");
    add("s-2", "u-1");
    var pod = new FakePod(store, "u-1", 1);
    pod.connect();
    store.serving(pod, "s-1");
    pod.die();
    var next = new FakePod(store, "u-1", 2);
    next.connect();
    assertThat(next.live()).containsExactly(list("s-1", "s-2"));

    assertThat(store.abort(session)).isTrue();
    store.tick();

    assertThat(next.live()).last().isEqualTo(list("s-2"));
    assertThat(store.over()).containsExactly(session);
  }

  @Test
  void after_a_restart_a_session_may_come_while_any_process_has_it() {
    held.set(true);
    store.adopt(FdStoreIT.info("s-1", "u-1"), "0:1");
    var pod = new FakePod(store, "u-1", 2);
    pod.connect();
    assertThat(pod.live()).containsExactly(list("s-1"));

    held.set(false);
    var again = pod.again();
    again.connect();

    assertThat(again.live()).containsExactly(list());
  }

  @Test
  void a_session_that_is_told_to_be_over_is_not_brought_back_by_a_process_that_is_dead()
      throws Exception {
    var session = store.adopt(FdStoreIT.info("s-1", "u-1"), "0:1");
    var next = new FakePod(store, "u-1", 2);
    next.connect();
    assertThat(next.live()).containsExactly(list());
    var late = new FakePod(store, "u-1", 1);
    late.processEnds();

    late.connect(Map.of("s-1", descriptors()));

    assertThat(store.state(session)).isInstanceOf(Over.class);
    assertThat(late.received()).containsExactly("forget s-1");
    assertThat(next.received()).isEmpty();
  }

  @Test
  void nothing_is_over_while_the_plugin_does_not_know_what_a_session_is_for() throws Exception {
    add("s-1", "u-1");
    store.leaveAlone(new UnknownSession("s-9", "0:9", "ml/other", _ -> false));
    var pod = new FakePod(store, "u-1", 1);

    pod.connect();
    store.tick();
    assertThat(pod.live()).containsExactly(UNKNOWN);

    // It stays unknown for good: nobody but who serves it can have it.
    assertThat(store.findOrLeaveAlone("0:9")).isEmpty();
    store.tick();
    assertThat(pod.live()).containsExactly(UNKNOWN, list("s-1"));
  }

  @Test
  void a_list_that_would_be_too_long_is_not_cut() throws Exception {
    var names =
        IntStream.rangeClosed(0, LiveSessionNotices.MOST).mapToObj("s-%04d"::formatted).toList();
    held.set(true);
    names.forEach(name -> store.adopt(FdStoreIT.info(name, "u-1"), "0:1"));
    var pod = new FakePod(store, "u-1", 1);
    pod.connect();
    assertThat(pod.live()).containsExactly(UNKNOWN);

    store.remove(store.withKey(FdStoreIT.info("s-0000", "u-1").key()).getFirst());
    store.tick();

    var rest = names.subList(1, names.size()).toArray(String[]::new);
    assertThat(pod.live()).containsExactly(UNKNOWN, list(rest));
  }

  @Test
  void a_plugin_that_ends_says_of_no_session_that_it_is_over() throws Exception {
    var session = add("s-1", "u-1");
    var pod = new FakePod(store, "u-1", 1);
    pod.connect();
    store.serving(pod, "s-1");
    assertThat(store.state(session)).isEqualTo(new Serving(pod));

    store.close();
    store.tick();

    assertThat(pod.live()).containsExactly(list("s-1"));
  }

  private static LiveSessions list(String... names) {
    return LiveSessions.newBuilder().addAllSessions(List.of(names)).build();
  }

  private Session add(String name, String ossMountUid) throws IOException {
    return store.add(FdStoreIT.info(name, ossMountUid), "0:1", descriptors());
  }

  private static Descriptors descriptors() throws IOException {
    return new Descriptors(SessionMemory.create(), SessionMemory.create());
  }
}
