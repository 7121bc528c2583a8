package io.ossmount.cache.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.store.oss.Unset;
import io.ossmount.fuse.kernel.Frame;
import io.ossmount.fuse.kernel.SeenTask;
import io.ossmount.proto.session.v1.AskThreads;
import io.ossmount.proto.session.v1.PluginFeature;
import io.ossmount.proto.session.v1.PodFrame;
import io.ossmount.proto.session.v1.SeenThread;
import io.ossmount.proto.session.v1.ThreadsAnswer;
import io.ossmount.proto.session.v1.Welcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a pod asks about processes, over a socket whose other end is the test. */
@Timeout(30)
class PluginProcessesIT {
  private static final List<SeenTask> TASKS = List.of(new SeenTask(7, 70), new SeenTask(8, 80));
  private static final Welcome ANSWERING =
      Welcome.newBuilder().addFeatures(PluginFeature.ANSWERS_ASK_THREADS).build();

  @TempDir Path directory;
  private final PluginLink link = new PluginLink();
  private final PluginSender sender = new PluginSender();
  private final PluginProcesses asking = new PluginProcesses(link, sender, 20_000);
  private final Processes processes = asking.of("s-1");
  private PluginSocket socket = Unset.value();

  @BeforeEach
  void connect() throws IOException {
    socket = PluginSocket.in(directory);
    link.connected(socket.pod());
  }

  @AfterEach
  void close() {
    sender.close();
    socket.close();
  }

  private CompletableFuture<Boolean> ask() {
    return ask(processes);
  }

  private static CompletableFuture<Boolean> ask(Processes processes) {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    Thread.startVirtualThread(() -> answer.complete(processes.allLiveApart(TASKS, 9)));
    return answer;
  }

  private AskThreads next() throws IOException {
    try (Frame frame = socket.plugin().receive().orElseThrow()) {
      return PodFrame.parseFrom(frame.payload()).getAskThreads();
    }
  }

  private void answer(AskThreads asked, boolean allLiveApart) {
    asking.answered(
        ThreadsAnswer.newBuilder()
            .setRequest(asked.getRequest())
            .setAllLiveApart(allLiveApart)
            .build());
  }

  @Test
  void the_plugin_is_asked_and_its_answer_counts() throws Exception {
    asking.welcomed(ANSWERING);
    CompletableFuture<Boolean> first = ask();
    AskThreads asked = next();
    CompletableFuture<Boolean> second = ask();
    answer(next(), false);
    assertThat(second.get()).isFalse();
    answer(asked, true);
    assertThat(first.get()).isTrue();

    assertThat(asked.getSession()).isEqualTo("s-1");
    assertThat(asked.getCloser()).isEqualTo(9);
    assertThat(asked.getAuthorsList())
        .containsExactly(
            SeenThread.newBuilder().setThread(7).setTick(70).build(),
            SeenThread.newBuilder().setThread(8).setTick(80).build());
  }

  @Test
  void a_plugin_that_does_not_say_that_it_answers_is_not_asked() throws Exception {
    assertThat(processes.allLiveApart(TASKS, 9)).isFalse();
    asking.welcomed(Welcome.getDefaultInstance());
    assertThat(processes.allLiveApart(TASKS, 9)).isFalse();

    // What it gets first is the pong.
    link.pong(3);
    try (Frame frame = socket.plugin().receive().orElseThrow()) {
      assertThat(PodFrame.parseFrom(frame.payload()).getPong().getNumber()).isEqualTo(3);
    }
  }

  @Test
  void the_end_of_the_connection_is_an_answer_and_the_next_plugin_is_not_asked_before_it_says_so()
      throws Exception {
    asking.welcomed(ANSWERING);
    CompletableFuture<Boolean> open = ask();
    next();

    asking.disconnected();

    assertThat(open.get()).isFalse();
    assertThat(processes.allLiveApart(TASKS, 9)).isFalse();
  }

  @Test
  void who_is_not_answered_does_not_wait_for_ever() throws Exception {
    PluginProcesses impatient = new PluginProcesses(link, sender, 100);
    impatient.welcomed(ANSWERING);
    CompletableFuture<Boolean> open = ask(impatient.of("s-1"));
    AskThreads asked = next();

    assertThat(open.get()).isFalse();

    asking.welcomed(ANSWERING);
    answer(asked, true);
    CompletableFuture<Boolean> again = ask();
    answer(next(), true);
    assertThat(again.get()).isTrue();
  }

  @Test
  void a_plugin_that_is_silent_is_left_alone_until_it_is_heard() throws Exception {
    asking.welcomed(ANSWERING);
    CompletableFuture<Boolean> unanswered = ask();
    AskThreads asked = next();
    assertThat(unanswered.get()).isFalse();

    assertThat(ask().get()).isFalse();

    link.pong(3);
    try (Frame frame = socket.plugin().receive().orElseThrow()) {
      assertThat(PodFrame.parseFrom(frame.payload()).hasPong()).isTrue();
    }
    answer(asked, true);
    CompletableFuture<Boolean> again = ask();
    answer(next(), true);
    assertThat(again.get()).isTrue();
  }
}
