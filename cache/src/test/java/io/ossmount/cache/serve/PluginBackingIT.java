package io.ossmount.cache.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.store.oss.Unset;
import io.ossmount.fuse.BackingFiles;
import io.ossmount.proto.session.v1.BackingAnswer;
import io.ossmount.proto.session.v1.CloseBacking;
import io.ossmount.proto.session.v1.PodFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which backing ids a pod knows, over a socket whose other end is the test. */
@Timeout(30)
class PluginBackingIT {
  @TempDir Path directory;
  private final PluginLink link = new PluginLink();
  private final PluginSender sender = new PluginSender();
  private final PluginBacking backing = new PluginBacking(link, sender);
  private final BackingFiles files = backing.of("s-1", BackingFiles.NONE);
  private PluginSocket socket = Unset.value();

  @BeforeEach
  void connect() throws IOException {
    socket = PluginSocket.in(directory);
  }

  @AfterEach
  void close() {
    sender.close();
    socket.close();
  }

  private PodFrame next() throws IOException {
    return PodFrame.parseFrom(socket.plugin().receive().orElseThrow().payload());
  }

  private Path file() throws IOException {
    return Files.writeString(directory.resolve("data"), "x");
  }

  private CompletableFuture<Integer> open(Path file) {
    CompletableFuture<Integer> opened = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        opened.complete(files.open(file));
      } catch (IOException e) {
        opened.completeExceptionally(e);
      }
    });
    return opened;
  }

  private void answer(PodFrame asked, int id) {
    long request = asked.getOpenBacking().getRequest();
    backing.answered(BackingAnswer.newBuilder().setRequest(request).setId(id).build());
  }

  private static void isAway(CompletableFuture<Integer> opened) {
    assertThat(opened)
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableThat()
        .withCauseInstanceOf(BackingFiles.Away.class);
  }

  @Test
  void ids_of_earlier_servers_are_known_and_can_be_closed() throws Exception {
    link.connected(socket.pod());
    backing.inherit("s-1", List.of(3, 5));
    assertThat(files.inherited()).containsExactly(3, 5);
    assertThat(backing.open("s-1")).containsExactly(3, 5);

    files.close(3);

    assertThat(next().getCloseBacking())
        .isEqualTo(CloseBacking.newBuilder().setSession("s-1").setId(3).build());
    await().untilAsserted(() -> assertThat(backing.open("s-1")).containsExactly(5));
    backing.forget("s-1");
    assertThat(backing.open("s-1")).isEmpty();
  }

  @Test
  void an_id_that_was_opened_is_handed_back_until_the_plugin_was_told_to_close_it()
      throws Exception {
    link.connected(socket.pod());
    backing.inherit("s-1", List.of());
    Path file = file();
    CompletableFuture<Integer> opened = open(file);
    answer(next(), 9);
    assertThat(opened.get()).isEqualTo(9);
    assertThat(backing.open("s-1")).containsExactly(9);

    link.disconnected();
    files.close(9);
    assertThat(backing.open("s-1")).containsExactly(9);

    link.connected(socket.pod());
    await()
        .untilAsserted(() -> {
          backing.connected();
          assertThat(backing.open("s-1")).isEmpty();
        });
    assertThat(next().getCloseBacking().getId()).isEqualTo(9);
  }

  @Test
  void a_plugin_that_is_away_refuses_nothing_and_the_next_one_is_asked_at_once() throws Exception {
    backing.inherit("s-1", List.of());
    Path file = file();
    assertThat(files.isReachable()).isFalse();
    isAway(open(file));

    link.connected(socket.pod());
    backing.connected();
    assertThat(files.isReachable()).isTrue();
    CompletableFuture<Integer> underWay = open(file);
    next();
    link.disconnected();
    backing.disconnected();
    isAway(underWay);

    link.connected(socket.pod());
    backing.connected();
    CompletableFuture<Integer> opened = open(file);
    answer(next(), 9);
    assertThat(opened.get()).isEqualTo(9);
  }

  @Test
  void a_plugin_that_is_silent_is_left_alone_until_it_is_heard() throws Exception {
    link.connected(socket.pod());
    backing.inherit("s-1", List.of());
    Path file = file();
    CompletableFuture<Integer> unanswered = open(file);
    PodFrame asked = next();

    isAway(unanswered);

    assertThat(files.isReachable()).isFalse();
    isAway(open(file));
    answer(asked, 8);
    assertThat(next().getCloseBacking().getId()).isEqualTo(8);
    assertThat(files.isReachable()).isTrue();
    CompletableFuture<Integer> opened = open(file);
    answer(next(), 9);
    assertThat(opened.get()).isEqualTo(9);
  }
}
