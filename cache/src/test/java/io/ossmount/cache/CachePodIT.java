package io.ossmount.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import io.ossmount.cache.config.MountSettings.Credentials;
import io.ossmount.cache.control.Certificates;
import io.ossmount.cache.control.DeadSessionsReport.Dead;
import io.ossmount.cache.serve.SessionClient.PodName;
import io.ossmount.cache.store.oss.EmulatedOss;
import io.ossmount.cache.store.oss.Unset;
import io.ossmount.emulator.api.Operation;
import io.ossmount.emulator.auth.AccessKey;
import io.ossmount.emulator.auth.Rights;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.proto.session.v1.DeadSession;
import io.ossmount.proto.session.v1.Ended;
import io.ossmount.proto.session.v1.Feature;
import io.ossmount.proto.session.v1.OpenBacking;
import io.ossmount.proto.session.v1.PodFrame;
import io.ossmount.proto.session.v1.PodFrame.FrameCase;
import io.ossmount.proto.session.v1.ReadMode;
import io.ossmount.proto.session.v1.SessionOptions;
import io.ossmount.proto.session.v1.WriteMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cache pod from its Secret to bytes in a file, with the emulator for OSS and a plugin that is
 * the other end of the socket. Needs root and /dev/fuse.
 */
@Timeout(120)
class CachePodIT {
  @TempDir Path data;
  @TempDir Path secret;
  @TempDir Path node;
  @TempDir Path target;
  private EmulatedOss oss = Unset.value();
  private FakePlugin plugin = Unset.value();
  private Optional<CachePod> pod = Optional.empty();

  @BeforeEach
  void prepare() throws IOException {
    oss = new EmulatedOss(data);
    plugin = new FakePlugin(node.resolve("plugin.sock"));
    new Certificates("authority").write(secret, "cache-pod");
    configure(EmulatedOss.CREDENTIALS);
  }

  @AfterEach
  void end() throws IOException {
    FuseMount.detach(target);
    pod.ifPresent(CachePod::close);
    plugin.close();
    oss.close();
  }

  @Test
  void a_session_is_served_from_apply_to_bytes() throws Exception {
    putObject("hello.txt", "from the bucket");
    startPod();
    assertThat(plugin.next(FrameCase.HELLO).getHello().getPodName()).isEqualTo("pod");

    plugin.serve("s-1", target, "");
    plugin.next(FrameCase.SERVING);

    assertThat(shell("cat hello.txt && echo written > new.txt && ls"))
        .isEqualTo("from the bucket" + "hello.txt\nnew.txt\n");
    assertThat(getObject("new.txt")).isEqualTo("written\n");
    FuseMount.detach(target);
    assertThat(plugin.next(FrameCase.ENDED).getEnded().getSession()).isEqualTo("s-1");
  }

  @Test
  void a_session_of_a_directory_sees_only_that() throws Exception {
    putObject("a/in", "in");
    putObject("b/out", "out");
    startPod();
    plugin.next(FrameCase.HELLO);

    plugin.serve("s-1", target, "a");
    plugin.next(FrameCase.SERVING);

    assertThat(shell("ls && cat ../$(basename $PWD)/in")).isEqualTo("in\nin");
  }

  @Test
  void a_wrong_key_is_told_and_the_session_begins_when_it_is_right() throws Exception {
    configure(new Credentials("id", "wrong", Optional.empty()));
    startPod();
    plugin.next(FrameCase.HELLO);

    plugin.serve("s-1", target, "");
    PodFrame refused = plugin.next(FrameCase.NOT_SERVING, "SignatureMismatch");
    configure(EmulatedOss.CREDENTIALS);

    assertThat(refused.getNotServing().getMessage()).contains("bucket").doesNotContain("wrong");
    plugin.next(FrameCase.SERVING);
    assertThat(shell("ls")).isEmpty();
  }

  @Test
  void a_rotated_key_is_used_by_a_running_mount() throws Exception {
    putObject("one", "1");
    startPod();
    plugin.next(FrameCase.HELLO);
    plugin.serve("s-1", target, "");
    plugin.next(FrameCase.SERVING);
    oss.emulator().keys().put(AccessKey.of("new", "secret2"));

    configure(new Credentials("new", "secret2", Optional.empty()));
    oss.emulator().keys().remove("id");

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> shell("cat one 2>/dev/null || true").equals("1"));
    assertThat(shell("echo 2 > two && cat two")).isEqualTo("2\n");
  }

  @Test
  void a_key_that_may_not_write_or_list_has_its_own_reason() throws Exception {
    oss.emulator().keys().setRights("id", Rights.READ_ONLY);
    startPod();
    plugin.next(FrameCase.HELLO);
    plugin.serve("s-1", target, "");
    plugin.next(FrameCase.NOT_SERVING, "WriteDenied");

    oss.emulator().keys().setRights("id", Rights.NO_LIST);
    plugin.next(FrameCase.NOT_SERVING, "ListDenied");

    oss.emulator().keys().setRights("id", Rights.FULL);
    plugin.next(FrameCase.SERVING);
  }

  @Test
  void a_plugin_that_comes_back_gets_its_descriptors() throws Exception {
    putObject("a", "A");
    startPod();
    plugin.next(FrameCase.HELLO);
    plugin.serve("s-1", target, "");
    plugin.next(FrameCase.SERVING);

    plugin.disconnect();

    PodFrame hello = plugin.next(FrameCase.HELLO);
    assertThat(hello.getHello().getSessionsList()).containsExactly("s-1");
    assertThat(plugin.descriptorsOfHello()).isEqualTo(2);
    assertThat(shell("cat a")).isEqualTo("A");
  }

  @Test
  void a_plugin_that_comes_back_is_told_what_each_session_is_for_in_its_own_words()
      throws Exception {
    startPod();
    plugin.next(FrameCase.HELLO);
    SessionOptions asked =
        SessionOptions.newBuilder()
            .setDirectory("a")
            .setVolume("v")
            .setGid(1000)
            .setUmask(0)
            .setGroupLikeOwner(true)
            .setReadMode(ReadMode.READ_MODE_NONE)
            .setWriteMode(WriteMode.WRITE_MODE_ASYNC)
            .setUnknownFields(FakePlugin.somethingNew())
            .build();
    plugin.serve("s-1", target, asked);
    plugin.next(FrameCase.SERVING);

    plugin.disconnect();

    PodFrame hello = plugin.next(FrameCase.HELLO);
    assertThat(hello.getHello().getOptionsList()).containsExactly(asked);
  }

  @Test
  void an_id_that_the_plugin_answers_too_late_is_given_back() throws Exception {
    plugin.backing(FakePlugin.Backing.LEFT_TO_THE_TEST);
    putObject("a", "A");
    CachePod started = startPod();
    plugin.next(FrameCase.HELLO);
    plugin.serve("s-1", target, "");
    plugin.next(FrameCase.SERVING);
    Process reader = new ProcessBuilder("cat", "a").directory(target.toFile()).start();
    OpenBacking asked = plugin.next(FrameCase.OPEN_BACKING).getOpenBacking();
    reader.destroy();
    assertThat(reader.waitFor(10, TimeUnit.SECONDS)).isTrue();
    // Only then nobody waits for the id any more.
    awaitShown(
        started,
        shown ->
            assertThat(shown.count("ossmount_fuse_request_seconds_count{opcode=\"OPEN\"}"))
                .isPositive());

    plugin.answerBacking(asked, 77);

    assertThat(plugin.next(FrameCase.CLOSE_BACKING).getCloseBacking().getId()).isEqualTo(77);
    Process next = new ProcessBuilder("cat", "a").directory(target.toFile()).start();
    plugin.refuseBacking(plugin.next(FrameCase.OPEN_BACKING).getOpenBacking());
    assertThat(next.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(next.getInputStream().readAllBytes()).isEqualTo("A".getBytes(UTF_8));
  }

  @Test
  void a_plugin_that_reads_nothing_is_connected_to_anew_and_holds_up_no_reader() throws Exception {
    putObject("a", "A");
    CachePod started = startPod();
    plugin.next(FrameCase.HELLO);
    plugin.serve("s-1", target, "");
    plugin.next(FrameCase.SERVING);
    plugin.hangAfterPong();
    plugin.ping(1);
    plugin.next(FrameCase.PONG);

    plugin.makeTalk();

    assertThat(started.isReading(Duration.ofSeconds(10))).isTrue();
    assertThat(shell("cat a")).isEqualTo("A");
    assertThat(plugin.next(FrameCase.HELLO).getHello().getSessionsList()).containsExactly("s-1");
    plugin.next(FrameCase.SERVING);
  }

  @Test
  void a_session_that_is_not_wanted_is_given_up() throws Exception {
    startPod();
    plugin.next(FrameCase.HELLO);
    plugin.serve("s-1", target, "");
    plugin.next(FrameCase.SERVING);

    plugin.forget("s-1");

    assertThat(plugin.next(FrameCase.ENDED).getEnded().getSession()).isEqualTo("s-1");
  }

  @Test
  void what_the_plugin_says_of_dead_sessions_is_told_until_another_plugin_says_nothing_of_them()
      throws Exception {
    CachePod started = startPod();
    plugin.next(FrameCase.HELLO);
    plugin.tellOfTheDead(
        DeadSession.newBuilder()
            .setSession("s-1")
            .setVolume("pvc-1")
            .setReason("Aborted")
            .setSince(Timestamp.newBuilder().setSeconds(5))
            .build());
    await().until(() -> !deadOf(started).isEmpty());
    assertThat(deadOf(started))
        .containsExactly(new Dead("s-1", "pvc-1", "Aborted", Instant.ofEpochSecond(5)));

    plugin.tellOfTheDead();
    await().until(() -> deadOf(started).isEmpty());

    plugin.tellOfTheDead(DeadSession.getDefaultInstance());
    await().until(() -> !deadOf(started).isEmpty());
    plugin.disconnect();
    plugin.next(FrameCase.HELLO);
    await().until(() -> deadOf(started).isEmpty());
  }

  private static List<Dead> deadOf(CachePod pod) {
    return pod.status().deadSessions().sessions();
  }

  @Test
  void a_frame_of_a_newer_plugin_is_passed_over() throws Exception {
    startPod();
    plugin.next(FrameCase.HELLO);

    plugin.saySomethingNew();
    plugin.ping(7);

    assertThat(plugin.nextOfAny().getPong().getNumber()).isEqualTo(7);
  }

  @Test
  void a_warm_file_is_read_in_passthrough_and_the_metrics_show_it() throws Exception {
    putObject("f", "twice");
    CachePod started = startPod();
    plugin.next(FrameCase.HELLO);
    plugin.serve("s-1", target, "");
    plugin.next(FrameCase.SERVING);

    assertThat(shell("cat f f")).isEqualTo("twicetwice");

    awaitShown(
        started,
        shown -> {
          assertThat(shown.value("ossmount_opens_total{mode=\"passthrough\"}")).isEqualTo(2);
          assertThat(shown.value("ossmount_opens_total{mode=\"page_cache\"}")).isZero();
          assertThat(shown.value("ossmount_sessions{passthrough=\"available\"}")).isEqualTo(1);
          assertThat(shown.value("ossmount_passthrough_files")).isEqualTo(1);
          assertThat(shown.count("ossmount_fuse_request_seconds_count{opcode=\"OPEN\"}"))
              .isEqualTo(2);
          assertThat(shown.count("ossmount_fuse_request_seconds_count{opcode=\"READ\"}")).isZero();
        });
  }

  @Test
  void a_plugin_that_names_no_file_is_read_past_and_the_metrics_say_so() throws Exception {
    putObject("f", "twice");
    CachePod started = startPod();
    plugin.next(FrameCase.HELLO);
    plugin.backing(FakePlugin.Backing.REFUSED);
    plugin.serve("s-1", target, "");
    plugin.next(FrameCase.SERVING);

    assertThat(shell("cat f f")).isEqualTo("twicetwice");

    awaitShown(
        started,
        shown -> {
          assertThat(shown.value("ossmount_sessions{passthrough=\"refused\"}")).isEqualTo(1);
          assertThat(shown.value("ossmount_sessions{passthrough=\"available\"}")).isZero();
          assertThat(shown.value("ossmount_opens_total{mode=\"page_cache\"}")).isEqualTo(2);
          assertThat(shown.count("ossmount_fuse_request_seconds_count{opcode=\"READ\"}"))
              .isPositive();
        });
  }

  /** A request is counted after its answer. */
  private static void awaitShown(CachePod pod, Consumer<Scrape> expected) {
    await().untilAsserted(() -> expected.accept(Scrape.of(pod.healthPort())));
  }

  @Test
  void a_plugin_that_was_away_names_files_again_as_soon_as_it_is_back() throws Exception {
    plugin.backing(FakePlugin.Backing.LEFT_TO_THE_TEST);
    putObject("before", "read past");
    putObject("after", "read through");
    CachePod started = startPod();
    plugin.next(FrameCase.HELLO);
    plugin.serve("s-1", target, "");
    plugin.next(FrameCase.SERVING);
    Process reader = new ProcessBuilder("cat", "before").directory(target.toFile()).start();
    plugin.next(FrameCase.OPEN_BACKING);

    plugin.backing(FakePlugin.Backing.OPENED);
    plugin.disconnect();

    assertThat(reader.inputReader().readLine()).isEqualTo("read past");
    plugin.next(FrameCase.HELLO);
    plugin.next(FrameCase.SERVING);
    assertThat(shell("cat after")).isEqualTo("read through");
    Scrape shown = Scrape.of(started.healthPort());
    assertThat(shown.value("ossmount_opens_total{mode=\"passthrough\"}")).isEqualTo(1);
    assertThat(shown.value("ossmount_opens_total{mode=\"page_cache\"}")).isEqualTo(1);
    assertThat(shown.value("ossmount_sessions{passthrough=\"available\"}")).isEqualTo(1);
  }

  private static final String WRITES_AND_STARTS_ANOTHER =
      "python3 -c \"import subprocess; f = open('f', 'w'); f.write('half'); f.flush();"
          + " subprocess.run(['/bin/true']); f.write(' and all'); f.close()\"";

  @Test
  void a_file_goes_up_once_though_its_writer_starts_another_program() throws Exception {
    plugin.tellsProcessesApart();
    startPod();
    plugin.next(FrameCase.HELLO);
    plugin.serve("s-1", target, "");
    plugin.next(FrameCase.SERVING);

    shell(WRITES_AND_STARTS_ANOTHER);

    assertThat(getObject("f")).isEqualTo("half and all");
    assertThat(oss.emulator().requests().count(Operation.PUT_OBJECT)).isEqualTo(1);
  }

  @Test
  void with_a_plugin_that_does_not_tell_processes_apart_each_close_uploads() throws Exception {
    startPod();
    plugin.next(FrameCase.HELLO);
    plugin.serve("s-1", target, "");
    plugin.next(FrameCase.SERVING);

    shell(WRITES_AND_STARTS_ANOTHER);

    assertThat(getObject("f")).isEqualTo("half and all");
    assertThat(oss.emulator().requests().count(Operation.PUT_OBJECT)).isEqualTo(2);
  }

  @Test
  void a_pod_that_is_well_answers_the_plugin() throws Exception {
    startPod();
    assertThat(plugin.next(FrameCase.HELLO).getHello().getFeaturesList())
        .contains(Feature.ANSWERS_PINGS, Feature.LISTS_BACKING_IDS, Feature.HEARS_WELCOME);

    plugin.ping(41);

    assertThat(plugin.next(FrameCase.PONG).getPong().getNumber()).isEqualTo(41);
  }

  @Test
  void a_pod_that_is_to_end_serves_until_it_is_let_go_and_the_next_one_goes_on() throws Exception {
    CachePod first = startPod();
    plugin.next(FrameCase.HELLO);
    plugin.serve("s-1", target, "");
    plugin.next(FrameCase.SERVING);
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      Future<Boolean> leaving = leaving(threads, first, Duration.ZERO);
      plugin.next(FrameCase.LEAVING);
      assertThat(shell("echo written > file && cat file")).isEqualTo("written\n");
      assertThat(leaving.isDone()).isFalse();

      plugin.release("s-1");

      Ended ended = plugin.next(FrameCase.ENDED).getEnded();
      assertThat(ended.getHandedOver()).isTrue();
      assertThat(leaving.get(10, TimeUnit.SECONDS)).isTrue();
      assertThat(getObject("file")).isEqualTo("written\n");
      Future<String> reading = threads.submit(() -> shell("cat file"));
      first.close();
      Thread.sleep(100);
      assertThat(reading.isDone()).isFalse();

      startPod();
      plugin.next(FrameCase.HELLO);
      plugin.serveAgain("s-1", "");
      plugin.next(FrameCase.SERVING);
      assertThat(reading.get(20, TimeUnit.SECONDS)).isEqualTo("written\n");
    }
  }

  @Test
  void a_pod_that_is_to_end_keeps_its_sessions_until_the_next_one_waits_for_the_cache()
      throws Exception {
    CachePod first = startPod();
    plugin.next(FrameCase.HELLO);
    plugin.serve("s-1", target, "");
    plugin.next(FrameCase.SERVING);
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      Future<Boolean> leaving = leaving(threads, first, Duration.ofSeconds(30));
      assertThat(shell("echo written > file && cat file")).isEqualTo("written\n");
      assertThat(plugin.hasHeard(FrameCase.LEAVING)).isFalse();

      Future<CachePod> next = threads.submit(this::startPod);

      plugin.next(FrameCase.LEAVING);
      plugin.release("s-1");
      assertThat(plugin.next(FrameCase.ENDED).getEnded().getHandedOver()).isTrue();
      assertThat(leaving.get(10, TimeUnit.SECONDS)).isTrue();
      assertThat(next.isDone()).isFalse();
      first.close();
      plugin.next(FrameCase.HELLO);
      plugin.serveAgain("s-1", "");
      plugin.next(FrameCase.SERVING);
      assertThat(shell("cat file")).isEqualTo("written\n");
      assertThat(next.get(20, TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  void a_plugin_that_knows_no_leaving_is_not_told_that_a_session_is_over() throws Exception {
    CachePod first = startPod();
    plugin.next(FrameCase.HELLO);
    plugin.serve("s-1", target, "");
    plugin.next(FrameCase.SERVING);

    first.leave(Duration.ZERO, Duration.ofMillis(300));
    first.close();

    plugin.next(FrameCase.LEAVING);
    startPod();
    assertThat(plugin.nextOfAny().getFrameCase()).isEqualTo(FrameCase.HELLO);
    plugin.serveAgain("s-1", "");
    plugin.next(FrameCase.SERVING);
    assertThat(shell("ls")).isEmpty();
  }

  @Test
  void a_session_that_was_served_before_is_taken_over_while_the_store_is_away() throws Exception {
    CachePod first = startPod();
    plugin.next(FrameCase.HELLO);
    plugin.serve("s-1", target, "");
    plugin.next(FrameCase.SERVING);
    first.close();
    configure(new Credentials("id", "wrong", Optional.empty()));

    startPod();
    plugin.next(FrameCase.HELLO);
    plugin.serveAgain("s-1", "");

    plugin.next(FrameCase.SERVING);
  }

  private static Future<Boolean> leaving(ExecutorService threads, CachePod pod, Duration next) {
    return threads.submit(() -> {
      pod.leave(next, Duration.ofSeconds(30));
      return true;
    });
  }

  private CachePod startPod() throws Exception {
    CachePod started =
        CachePod.start(
            new CachePod.Surroundings(
                secret,
                node,
                "node-1",
                new PodName("ns", "pod", "uid"),
                0,
                0,
                Duration.ofMinutes(10),
                0));
    pod = Optional.of(started);
    return started;
  }

  private void configure(Credentials credentials) throws IOException {
    String json =
        """
        {"namespace": "ns", "name": "m", "uid": "u", "cache": {"sizeBytes": "100000000"},
         "timeouts": {"connect": "2s", "operation": "10s"},
         "source": {"bucket": "%s", "endpoint": "%s", "region": "%s", "addressingStyle": "PATH",
           "credentials": {"accessKeyId": "%s", "accessKeySecret": "%s"}}}
        """
            .formatted(
                EmulatedOss.BUCKET,
                oss.emulator().endpoint(),
                EmulatedOss.REGION,
                credentials.accessKeyId(),
                credentials.accessKeySecret());
    Path fresh = Files.writeString(secret.resolve("fresh"), json);
    Files.move(fresh, secret.resolve("mount.json"), StandardCopyOption.ATOMIC_MOVE);
  }

  private void putObject(String key, String text) {
    oss.put(key, text.getBytes(UTF_8));
  }

  private String getObject(String key) {
    return new String(oss.get(key), UTF_8);
  }

  /** In another process: this one serves the mount and must not wait for itself. */
  private String shell(String script) throws IOException, InterruptedException {
    Path output = Files.createTempFile("shell-", ".out");
    Process process =
        new ProcessBuilder("timeout", "30", "sh", "-ec", script)
            .directory(target.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String text = Files.readString(output);
    Files.delete(output);
    assertThat(process.exitValue()).as(text).isZero();
    return text;
  }
}
