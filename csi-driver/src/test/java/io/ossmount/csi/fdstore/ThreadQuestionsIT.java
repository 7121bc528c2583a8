package io.ossmount.csi.fdstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.fuse.kernel.SeenTask;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.fuse.kernel.UnixConnection;
import io.ossmount.proto.session.v1.AskThreads;
import io.ossmount.proto.session.v1.Feature;
import io.ossmount.proto.session.v1.Hello;
import io.ossmount.proto.session.v1.PluginFeature;
import io.ossmount.proto.session.v1.PluginFrame;
import io.ossmount.proto.session.v1.PodFrame;
import io.ossmount.proto.session.v1.SeenThread;
import io.ossmount.proto.session.v1.Serving;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a cache pod is told of the processes of the node, over a socket. */
@Timeout(60)
final class ThreadQuestionsIT {
  private static final int SELF = (int) ProcessHandle.current().pid();

  @TempDir Path directory;
  private final FdStore store = new FdStore();
  private final PodListeners listeners = new PodListeners(store, 0);
  private Process other;
  private SeenThread author;

  @BeforeEach
  void aSessionAndAProcessThatUsesIt() throws IOException {
    listeners.listen("u-1", directory.resolve("plugin.sock"));
    var _ =
        store.add(
            FdStoreIT.info("s-1", "u-1"),
            "0:1",
            new Descriptors(SessionMemory.create(), SessionMemory.create()));
    other = new ProcessBuilder("cat").start();
    author = seen((int) other.pid());
  }

  @AfterEach
  void close() {
    other.destroyForcibly();
    listeners.close();
    store.close();
  }

  private static SeenThread seen(int thread) {
    return SeenThread.newBuilder().setThread(thread).setTick(SeenTask.now(thread).tick()).build();
  }

  /** A pod that serves the session and has these features. */
  private UnixConnection connect(Feature... features) throws IOException {
    var connection = UnixConnection.connect(directory.resolve("plugin.sock"));
    var hello = Hello.newBuilder().setPodName("pod").addAllFeatures(List.of(features));
    connection.send(PodFrame.newBuilder().setHello(hello).build().toByteArray());
    return connection;
  }

  private UnixConnection servingPod() throws IOException {
    var connection = connect(Feature.HEARS_WELCOME);
    assertThat(next(connection).getWelcome().getFeaturesList())
        .containsExactly(PluginFeature.ANSWERS_ASK_THREADS);
    assertThat(next(connection).getServe().getSession()).isEqualTo("s-1");
    var serving = Serving.newBuilder().setSession("s-1");
    connection.send(PodFrame.newBuilder().setServing(serving).build().toByteArray());
    return connection;
  }

  /** The next one but for those that come at any time. */
  private static PluginFrame next(UnixConnection connection) throws IOException {
    while (true) {
      try (var received = connection.receive().orElseThrow()) {
        var frame = PluginFrame.parseFrom(received.payload());
        if (!frame.hasLiveSessions() && !frame.hasPing()) {
          return frame;
        }
      }
    }
  }

  private static boolean ask(UnixConnection connection, AskThreads.Builder asked)
      throws IOException {
    connection.send(PodFrame.newBuilder().setAskThreads(asked.setRequest(5)).build().toByteArray());
    var answer = next(connection).getThreadsAnswer();
    assertThat(answer.getRequest()).isEqualTo(5);
    return answer.getAllLiveApart();
  }

  private static AskThreads.Builder of(String session, int closer, SeenThread... authors) {
    return AskThreads.newBuilder()
        .setSession(session)
        .setCloser(closer)
        .addAllAuthors(List.of(authors));
  }

  @Test
  void another_process_that_lives_is_told_from_the_own_and_from_one_that_is_gone()
      throws Exception {
    try (var pod = servingPod()) {
      assertThat(ask(pod, of("s-1", SELF, author))).isTrue();
      assertThat(ask(pod, of("s-1", SELF, author, seen(SELF)))).isFalse();
      assertThat(ask(pod, of("s-1", (int) other.pid(), author))).isFalse();
      var earlier = author.toBuilder().setTick(0).build();
      assertThat(ask(pod, of("s-1", SELF, earlier))).isFalse();

      other.destroyForcibly().waitFor();

      assertThat(ask(pod, of("s-1", SELF, author))).isFalse();
    }
  }

  @Test
  void nothing_is_said_of_a_session_that_the_pod_does_not_serve() throws Exception {
    try (var pod = servingPod()) {
      assertThat(ask(pod, of("s-2", SELF, author))).isFalse();
      assertThat(ask(pod, of("", SELF, author))).isFalse();
    }
  }

  @Test
  void questions_without_sense_are_answered_with_no() throws Exception {
    try (var pod = servingPod()) {
      assertThat(ask(pod, of("s-1", SELF))).isFalse();
      assertThat(ask(pod, of("s-1", 0, author))).isFalse();
      assertThat(ask(pod, of("s-1", -1, author))).isFalse();
      assertThat(ask(pod, of("s-1", SELF, SeenThread.getDefaultInstance()))).isFalse();
      var many = AskThreads.newBuilder().setSession("s-1").setCloser(SELF);
      for (int i = 0; i <= ThreadQuestions.MOST; i++) {
        many.addAuthors(author);
      }
      assertThat(ask(pod, many)).isFalse();
    }
  }

  @Test
  void an_older_pod_hears_no_welcome() throws Exception {
    try (var pod = connect(Feature.LISTS_BACKING_IDS)) {
      assertThat(next(pod).hasServe()).isTrue();
    }
  }
}
