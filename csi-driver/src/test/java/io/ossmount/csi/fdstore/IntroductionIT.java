package io.ossmount.csi.fdstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.fuse.kernel.UnixConnection;
import io.ossmount.fuse.kernel.UnixListener;
import io.ossmount.proto.session.v1.BackingIds;
import io.ossmount.proto.session.v1.Feature;
import io.ossmount.proto.session.v1.HandedBack;
import io.ossmount.proto.session.v1.Hello;
import io.ossmount.proto.session.v1.Leaving;
import io.ossmount.proto.session.v1.PodFrame;
import io.ossmount.proto.session.v1.SessionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a cache pod says first, over a socket whose other end is the test. */
@Timeout(30)
final class IntroductionIT {
  private static final int PER_FRAME = UnixConnection.MAX_DESCRIPTORS / 2;

  @TempDir Path directory;
  private UnixListener listener;
  private UnixConnection pod;
  private UnixConnection plugin;
  private Descriptor memfd;

  @BeforeEach
  void connect() throws IOException {
    var socket = directory.resolve("socket");
    listener = UnixListener.bind(socket, PosixFilePermissions.fromString("rw-------"));
    pod = UnixConnection.connect(socket);
    plugin = listener.accept();
    memfd = SessionMemory.create();
  }

  @AfterEach
  void close() {
    pod.close();
    plugin.close();
    listener.close();
    memfd.close();
  }

  private static List<String> names(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "s-" + i).toList();
  }

  private static Hello.Builder hello(int sessions, int following) {
    var hello =
        Hello.newBuilder()
            .setPodName("pod")
            .addFeatures(Feature.LISTS_BACKING_IDS)
            .setFollowing(following);
    names(0, sessions).forEach(name -> hello.addSessions(name).addOptions(options(name)));
    return hello;
  }

  private static SessionOptions options(String name) {
    return SessionOptions.newBuilder().setVolume("volume of " + name).build();
  }

  private static HandedBack.Builder more(int from, int to) {
    var more = HandedBack.newBuilder();
    names(from, to)
        .forEach(name ->
            more.addSessions(name)
                .addOptions(options(name))
                .addBackingIds(BackingIds.newBuilder().setSession(name).addIds(from)));
    return more;
  }

  private void send(PodFrame.Builder frame, int descriptors) throws IOException {
    pod.send(frame.build().toByteArray(), Collections.nCopies(descriptors, memfd));
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  @Test
  void more_sessions_than_a_frame_has_room_for_are_handed_back() throws Exception {
    int last = 2 * PER_FRAME + 50;
    var before = descriptors();
    send(PodFrame.newBuilder().setHello(hello(PER_FRAME, 2)), 2 * PER_FRAME);
    send(PodFrame.newBuilder().setHandedBack(more(PER_FRAME, 2 * PER_FRAME)), 2 * PER_FRAME);
    send(PodFrame.newBuilder().setHandedBack(more(2 * PER_FRAME, last)), 2 * 50);

    try (var introduction = Introduction.receive(plugin).orElseThrow()) {
      assertThat(introduction.held().keySet()).containsExactlyElementsOf(names(0, last));
      assertThat(introduction.held())
          .allSatisfy((name, held) -> assertThat(held.options()).contains(options(name)));
      assertThat(introduction.held())
          .hasEntrySatisfying("s-0", held -> assertThat(held.backing()).contains(List.of()))
          .hasEntrySatisfying(
              "s-" + (last - 1),
              held -> assertThat(held.backing()).contains(List.of(2 * PER_FRAME)));
      assertThat(descriptors()).isEqualTo(before + 2L * last);
    }
    assertThat(descriptors()).isEqualTo(before);
  }

  @Test
  void who_says_nothing_is_nobody() throws Exception {
    pod.close();

    assertThat(Introduction.receive(plugin)).isEqualTo(Optional.empty());
  }

  @Test
  void what_makes_no_sense_is_refused_and_leaves_no_descriptor() throws Exception {
    refused(hello(1, 8), 2, "too many frames are to follow");
    refused(hello(1, -1), 2, "too many frames are to follow");
    refused(hello(2, 0), 2, "2 descriptors for 2 sessions");
    refused(hello(2, 0).removeOptions(0), 4, "options of 1 sessions for 2");
    refused(hello(1, 1), 2, PodFrame.newBuilder().setHandedBack(more(1, 3)), "2 descriptors for 2");
    refused(
        hello(1, 1),
        2,
        PodFrame.newBuilder().setLeaving(Leaving.getDefaultInstance()),
        "a frame of another kind");
  }

  @Test
  void who_ends_amid_it_leaves_no_descriptor() throws Exception {
    var before = descriptors();
    send(PodFrame.newBuilder().setHello(hello(3, 1)), 6);
    pod.close();

    assertThatThrownBy(() -> Introduction.receive(plugin)).hasMessageContaining("ended amid");
    assertThat(descriptors()).isLessThan(before);
  }

  private void refused(Hello.Builder hello, int descriptors, String why) throws IOException {
    var before = descriptors();
    send(PodFrame.newBuilder().setHello(hello), descriptors);
    assertRefused(why, before);
  }

  private void refused(Hello.Builder hello, int descriptors, PodFrame.Builder next, String why)
      throws IOException {
    var before = descriptors();
    send(PodFrame.newBuilder().setHello(hello), descriptors);
    send(next, next.hasHandedBack() ? 2 : 0);
    assertRefused(why, before);
  }

  private void assertRefused(String why, long before) throws IOException {
    assertThatThrownBy(() -> Introduction.receive(plugin))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
    assertThat(descriptors()).isEqualTo(before);
  }
}
