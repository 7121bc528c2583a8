package io.ossmount.cache.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.store.oss.Unset;
import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.Frame;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.proto.session.v1.Hello;
import io.ossmount.proto.session.v1.PodFrame;
import io.ossmount.proto.session.v1.SessionOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a pod says first, over a socket whose other end is the test. */
@Timeout(30)
final class GreetingIT {
  @TempDir Path directory;
  private final Greeting greeting = new Greeting(Hello.newBuilder().setPodName("pod"));
  private PluginSocket socket = Unset.value();
  private Descriptor memfd = Unset.value();

  @BeforeEach
  void connect() throws IOException {
    socket = PluginSocket.in(directory);
    memfd = SessionMemory.create();
  }

  @AfterEach
  void close() {
    greeting.close();
    socket.close();
    memfd.close();
  }

  private boolean add(int number) throws IOException {
    var options = SessionOptions.newBuilder().setVolume("volume-" + number).build();
    return greeting.add(
        "s-" + number, options, List.of(number), List.of(memfd.duplicate(), memfd.duplicate()));
  }

  private List<PodFrame> sent(int frames) throws Exception {
    List<PodFrame> received = new ArrayList<>();
    try (var sender = Executors.newSingleThreadExecutor()) {
      var sending =
          sender.submit(() -> {
            greeting.send(socket.pod());
            return true;
          });
      for (int i = 0; i < frames; i++) {
        try (Frame frame = socket.plugin().receive().orElseThrow()) {
          PodFrame message = PodFrame.parseFrom(frame.payload());
          assertThat(frame.descriptors())
              .hasSize(
                  2
                      * (message.hasHello()
                          ? message.getHello().getSessionsCount()
                          : message.getHandedBack().getSessionsCount()));
          received.add(message);
        }
      }
      assertThat(sending.get()).isTrue();
    }
    return received;
  }

  @Test
  void a_few_sessions_are_in_the_hello() throws Exception {
    assertThat(add(0)).isTrue();
    assertThat(add(1)).isTrue();

    Hello hello = sent(1).getFirst().getHello();

    assertThat(hello.getPodName()).isEqualTo("pod");
    assertThat(hello.getSessionsList()).containsExactly("s-0", "s-1");
    assertThat(hello.getOptions(1).getVolume()).isEqualTo("volume-1");
    assertThat(hello.getBackingIds(1).getIdsList()).containsExactly(1);
    assertThat(hello.getFollowing()).isZero();
  }

  @Test
  void many_sessions_come_in_frames_that_follow() throws Exception {
    for (int i = 0; i < 300; i++) {
      assertThat(add(i)).isTrue();
    }

    List<PodFrame> frames = sent(3);

    assertThat(frames.getFirst().getHello().getFollowing()).isEqualTo(2);
    List<String> names = new ArrayList<>(frames.getFirst().getHello().getSessionsList());
    for (PodFrame frame : frames.subList(1, 3)) {
      names.addAll(frame.getHandedBack().getSessionsList());
    }
    assertThat(names).isEqualTo(IntStream.range(0, 300).mapToObj(i -> "s-" + i).toList());
    var last = frames.getLast().getHandedBack();
    assertThat(last.getOptions(49).getVolume()).isEqualTo("volume-299");
    assertThat(last.getBackingIds(49).getIdsList()).containsExactly(299);
  }

  @Test
  void more_than_a_plugin_takes_are_not_said() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      assertThat(add(i)).isTrue();
    }

    assertThat(add(1_000)).isFalse();
    assertThat(sent(8).getFirst().getHello().getFollowing()).isEqualTo(7);
  }
}
