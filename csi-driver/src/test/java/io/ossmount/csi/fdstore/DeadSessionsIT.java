package io.ossmount.csi.fdstore;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.ossmount.csi.volume.Deadline;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.fuse.kernel.UnixConnection;
import io.ossmount.proto.session.v1.DeadSession;
import io.ossmount.proto.session.v1.DeadSessions;
import io.ossmount.proto.session.v1.Hello;
import io.ossmount.proto.session.v1.PluginFrame;
import io.ossmount.proto.session.v1.PodFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What cache pods are told of sessions that are over, with descriptors that are only memory. */
@Timeout(60)
final class DeadSessionsIT {
  private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

  private final AtomicLong seconds = new AtomicLong();
  private final FakeStandIns standIns = new FakeStandIns();
  private final FdStore store =
      new FdStore(
          (_, _) -> Set.of(),
          System::nanoTime,
          standIns,
          () -> START.plusSeconds(seconds.getAndIncrement()));

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void a_session_that_was_given_up_is_told_until_it_is_removed() throws Exception {
    var session = add("s-1", "u-1");
    lose(session);
    assertThat(store.abort(session)).isTrue();
    var next = new FakePod(store, "u-1", 2);

    next.connect();

    assertThat(next.dead()).containsExactly(list(dead("s-1", "Aborted", START)));
    store.tick();
    assertThat(next.dead()).hasSize(1);
    store.remove(session);
    store.tick();
    assertThat(next.dead()).hasSize(2).last().isEqualTo(DeadSessions.getDefaultInstance());
  }

  @Test
  void each_way_to_end_has_its_reason() throws Exception {
    store.adopt(FdStoreIT.info("s-1", "u-1"), "0:1");
    var pod = new FakePod(store, "u-1", 1);
    pod.connect();
    add("s-2", "u-1");
    store.serving(pod, "s-2");
    store.ended(pod, "s-2");
    var third = add("s-3", "u-1");
    store.serving(pod, "s-3");
    pod.die();
    standIns.over(third.info().name());
    var next = new FakePod(store, "u-1", 2);

    next.connect();

    assertThat(next.dead())
        .containsExactly(
            list(
                dead("s-1", "HoldersGone", START),
                dead("s-2", "Disconnected", START.plusSeconds(1)),
                dead("s-3", "Disconnected", START.plusSeconds(2))));
  }

  @Test
  void what_an_earlier_plugin_gave_up_is_told_as_that_and_since_then() {
    var since = START.minusSeconds(1000);
    store.adopt(FdStoreIT.info("s-1", "u-1"), "0:1", Optional.of(since));
    var pod = new FakePod(store, "u-1", 1);

    pod.connect();

    assertThat(pod.dead()).containsExactly(list(dead("s-1", "Aborted", since)));
  }

  @Test
  void a_session_that_is_unmounted_as_it_should_be_is_not_told() throws Exception {
    var session = add("s-1", "u-1");
    var pod = new FakePod(store, "u-1", 1);
    pod.connect();
    store.serving(pod, "s-1");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var forgetting =
          threads.submit(() -> {
            store.forget(session, Deadline.after(Duration.ofMinutes(1)));
            return true;
          });
      while (!pod.received().contains("forget s-1")) {
        Thread.sleep(5);
      }
      store.ended(pod, "s-1");
      store.tick();
      assertThat(forgetting.get(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(store.over()).containsExactly(session);
    store.remove(session);
    store.tick();

    assertThat(pod.dead()).isEmpty();
  }

  @Test
  void a_pod_is_told_of_its_own_ossmount_only_and_the_same_process_again_when_it_comes_again()
      throws Exception {
    lose(add("s-1", "u-1"));
    lose(add("s-2", "u-2"));
    store.outages().forEach(outage -> store.abort(outage.session()));
    var pod = new FakePod(store, "u-2", 3);
    pod.connect();
    pod.disconnect();
    var again = pod.again();

    again.connect();

    assertThat(pod.dead()).hasSize(1);
    assertThat(again.dead()).isEqualTo(pod.dead());
    assertThat(names(again)).containsExactly("s-2");
  }

  @Test
  void a_session_that_an_older_process_brings_back_is_not_dead_any_more() throws Exception {
    store.adopt(FdStoreIT.info("s-1", "u-1"), "0:1");
    var pod = new FakePod(store, "u-1", 2);
    pod.connect();
    assertThat(names(pod)).containsExactly("s-1");

    new FakePod(store, "u-1", 1).connect(Map.of("s-1", descriptors()));
    store.tick();

    assertThat(names(pod)).isEmpty();
  }

  @Test
  void the_list_has_a_bound_and_says_how_many_there_are_besides() throws Exception {
    var all = new ArrayList<>(IntStream.range(0, 137).mapToObj("s-%03d"::formatted).toList());
    for (var name : all) {
      store.adopt(FdStoreIT.info(name, "u-1"), "0:1");
    }
    var pod = new FakePod(store, "u-1", 1);
    pod.connect();

    assertThat(names(pod)).isEqualTo(all.subList(0, DeadSessionNotices.MOST));
    assertThat(pod.dead()).last().satisfies(list -> assertThat(list.getMore()).isEqualTo(37));

    // Whichever go: what is left is told, up to the bound.
    var random = new Random(11);
    while (!all.isEmpty()) {
      for (int i = random.nextInt(30); i >= 0 && !all.isEmpty(); i--) {
        var name = all.remove(random.nextInt(all.size()));
        store.remove(store.withKey(FdStoreIT.info(name, "u-1").key()).getFirst());
      }
      store.tick();
      assertThat(names(pod)).isEqualTo(all.stream().limit(DeadSessionNotices.MOST).toList());
      assertThat(pod.dead())
          .last()
          .satisfies(list ->
              assertThat(list.getMore())
                  .isEqualTo(Math.max(0, all.size() - DeadSessionNotices.MOST)));
    }
  }

  @Test
  void over_the_socket_it_follows_hello_and_each_change(@TempDir Path directory) throws Exception {
    var first = add("s-1", "u-1");
    lose(first);
    store.abort(first);
    try (var listeners = new PodListeners(store, 0)) {
      listeners.listen("u-1", directory.resolve("plugin.sock"));
      try (var connection = UnixConnection.connect(directory.resolve("plugin.sock"))) {
        connection.send(
            PodFrame.newBuilder()
                .setHello(Hello.newBuilder().setPodName("pod"))
                .build()
                .toByteArray());
        assertThat(receive(connection)).isEqualTo(list(dead("s-1", "Aborted", START)));

        store.remove(first);
        assertThat(receive(connection)).isEqualTo(DeadSessions.getDefaultInstance());
      }
    }
  }

  @Test
  void one_look_at_the_processes_of_the_node_answers_for_all_sessions() {
    var asked = new ArrayList<Set<String>>();
    DescriptorHolders holders =
        (devices, _) -> {
          asked.add(devices);
          return Set.of("0:2");
        };
    try (var other = new FdStore(holders, System::nanoTime, standIns)) {
      for (int i = 1; i <= 3; i++) {
        other.adopt(FdStoreIT.info("s-" + i, "u-1"), "0:" + i);
      }
      new FakePod(other, "u-1", 1).connect();

      assertThat(asked).containsExactly(Set.of("0:1", "0:2", "0:3"));
      assertThat(other.over()).extracting(Session::device).containsExactly("0:1", "0:3");
    }
  }

  private static DeadSessions receive(UnixConnection connection) throws IOException {
    while (true) {
      try (var frame = connection.receive().orElseThrow()) {
        var message = PluginFrame.parseFrom(frame.payload());
        if (message.hasDeadSessions()) {
          return message.getDeadSessions();
        }
      }
    }
  }

  private static List<String> names(FakePod pod) {
    return pod.dead().getLast().getSessionsList().stream().map(DeadSession::getSession).toList();
  }

  private static DeadSessions list(DeadSession... sessions) {
    return DeadSessions.newBuilder().addAllSessions(List.of(sessions)).build();
  }

  private static DeadSession dead(String name, String reason, Instant since) {
    return DeadSession.newBuilder()
        .setSession(name)
        .setVolume("v-" + name)
        .setReason(reason)
        .setSince(Timestamp.newBuilder().setSeconds(since.getEpochSecond()))
        .build();
  }

  /** It was served, and its server is dead. */
  private void lose(Session session) {
    var pod = new FakePod(store, session.info().key().ossMountUid(), 1);
    pod.connect();
    store.serving(pod, session.info().name());
    pod.die();
  }

  private Session add(String name, String ossMountUid) throws IOException {
    return store.add(FdStoreIT.info(name, ossMountUid), "0:1", descriptors());
  }

  private static Descriptors descriptors() throws IOException {
    return new Descriptors(SessionMemory.create(), SessionMemory.create());
  }
}
