package io.ossmount.csi.fdstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.ossmount.csi.fdstore.SessionState.Serving;
import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.fuse.kernel.UnixConnection;
import io.ossmount.proto.session.v1.Ended;
import io.ossmount.proto.session.v1.Hello;
import io.ossmount.proto.session.v1.NotServing;
import io.ossmount.proto.session.v1.PodFrame;
import io.ossmount.proto.session.v1.SessionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a cache pod that is not what it seems can say on its socket: it gains nothing, disturbs no
 * one, and leaves no descriptor behind.
 */
@Timeout(60)
final class HostilePodIT {
  @TempDir Path directory;
  private final FdStore store = new FdStore();
  private final PodListeners listeners = new PodListeners(store, 0);
  private final FakePod honest = new FakePod(store, "u-honest", 1);

  @BeforeEach
  void aServedSessionOfAnotherOssMount() throws IOException {
    listeners.listen("u-1", directory.resolve("plugin.sock"));
    honest.connect();
    var _ =
        store.add(
            FdStoreIT.info("s-1", "u-honest"),
            "0:1",
            new Descriptors(SessionMemory.create(), SessionMemory.create()));
    store.serving(honest, "s-1");
  }

  @AfterEach
  void close() {
    listeners.close();
    store.close();
  }

  private UnixConnection connect() throws IOException {
    return UnixConnection.connect(directory.resolve("plugin.sock"));
  }

  private static byte[] hello(String... sessions) {
    var hello =
        Hello.newBuilder()
            .setPodNamespace("ml")
            .setPodName("pod")
            .setPodUid("uid")
            .addAllSessions(List.of(sessions));
    return PodFrame.newBuilder().setHello(hello).build().toByteArray();
  }

  /** The plugin has hung up; what it had said before is passed over. */
  private static void awaitEnd(UnixConnection connection) throws IOException {
    var next = connection.receive();
    while (next.isPresent()) {
      next.get().close();
      next = connection.receive();
    }
  }

  private static long descriptors() {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void assertUndisturbed() {
    var session = store.withKey(FdStoreIT.info("s-1", "u-honest").key()).getFirst();
    assertThat(store.state(session)).isEqualTo(new Serving(honest));
  }

  @Test
  void random_frames_end_their_connection_and_nothing_else() throws Exception {
    Random random = new Random(7);
    long before = descriptors();
    for (int i = 0; i < 300; i++) {
      byte[] frame = new byte[random.nextInt(200)];
      random.nextBytes(frame);
      try (var connection = connect();
          var extra = SessionMemory.create()) {
        if (random.nextBoolean()) {
          connection.send(hello());
        }
        connection.send(frame, random.nextBoolean() ? List.of(extra) : List.of());
      } catch (IOException e) {
        // The plugin may have hung up before the second frame.
      }
    }
    assertUndisturbed();
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(descriptors()).isLessThan(before + 10));
  }

  @Test
  void the_sessions_of_others_cannot_be_claimed_changed_or_ended() throws Exception {
    List<Descriptor> own = new ArrayList<>();
    try (var connection = connect()) {
      own.add(SessionMemory.create());
      own.add(SessionMemory.create());
      connection.send(hello("s-1"), own);
      connection.send(
          PodFrame.newBuilder()
              .setEnded(Ended.newBuilder().setSession("s-1"))
              .build()
              .toByteArray());
      connection.send(
          PodFrame.newBuilder()
              .setNotServing(NotServing.newBuilder().setSession("s-1").setReason("Mine"))
              .build()
              .toByteArray());
      // It is told to let go of what is not its own.
      assertThat(connection.receive()).isPresent();
      assertUndisturbed();
    } finally {
      own.forEach(Descriptor::close);
    }
  }

  @Test
  void a_hello_whose_descriptors_or_options_do_not_fit_is_refused() throws Exception {
    try (var connection = connect();
        var one = SessionMemory.create()) {
      connection.send(hello("s-1", "s-2"), List.of(one));
      assertThat(connection.receive()).isEmpty();
    }
    try (var connection = connect()) {
      var options = SessionOptions.newBuilder().setVolume("v");
      var hello = Hello.newBuilder().setPodName("pod").addOptions(options);
      connection.send(PodFrame.newBuilder().setHello(hello).build().toByteArray());
      assertThat(connection.receive()).isEmpty();
    }
    try (var connection = connect()) {
      connection.send(hello());
      connection.send(hello());
      awaitEnd(connection);
    }
    assertUndisturbed();
  }

  @Test
  void who_says_no_hello_loses_his_place_and_who_did_keeps_it() throws Exception {
    var threads = Thread.ofPlatform().daemon().factory();
    try (var impatient = new PodListeners(store, 0, Duration.ofSeconds(3), threads)) {
      var socket = directory.resolve("other.sock");
      impatient.listen("u-2", socket);
      try (var silent = UnixConnection.connect(socket);
          var honestOne = UnixConnection.connect(socket)) {
        honestOne.send(hello());
        assertThat(silent.receive()).isEmpty();
        Thread.sleep(4_000);
        assertThat(store.isInUse("u-2")).isTrue();
        honestOne.send(hello("not allowed twice"));
        awaitEnd(honestOne);
      }
    }
    assertUndisturbed();
  }

  @Test
  void texts_of_a_pod_are_cut_before_they_reach_a_log_or_a_status() throws Exception {
    try (var connection = connect()) {
      var long1 = "x".repeat(100_000);
      connection.send(
          PodFrame.newBuilder()
              .setHello(Hello.newBuilder().setPodNamespace(long1).setPodName(long1))
              .build()
              .toByteArray());
      connection.send(ByteString.EMPTY.toByteArray());
      await().until(() -> store.isInUse("u-1"));
      assertUndisturbed();
    }
  }
}
