package io.ossmount.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.control.Certificates;
import io.ossmount.cache.fs.MountTree;
import io.ossmount.cache.serve.SessionClient.PodName;
import io.ossmount.cache.store.oss.EmulatedOss;
import io.ossmount.cache.store.oss.Unset;
import io.ossmount.cache.write.StagedFile;
import io.ossmount.cache.write.StagingArea;
import io.ossmount.cache.write.StagingBudget;
import io.ossmount.cache.write.StagingTarget;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.proto.session.v1.PodFrame.FrameCase;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cache pod whose mount has others in it, of an OSS of their own with a bucket of the same name:
 * they come, change and go with {@code mount.json}. Needs root and /dev/fuse.
 */
@Timeout(120)
class NestedMountsIT {
  private static final int MIB = 1 << 20;

  @TempDir Path data;
  @TempDir Path otherData;
  @TempDir Path secret;
  @TempDir Path node;
  @TempDir Path target;
  private EmulatedOss oss = Unset.value();
  private EmulatedOss other = Unset.value();
  private FakePlugin plugin = Unset.value();
  private Optional<CachePod> pod = Optional.empty();

  @BeforeEach
  void prepare() throws IOException {
    oss = new EmulatedOss(data);
    other = new EmulatedOss(otherData);
    plugin = new FakePlugin(node.resolve("plugin.sock"));
    new Certificates("authority").write(secret, "cache-pod");
    oss.put("own", "own".getBytes(UTF_8));
    other.put("f", "other".getBytes(UTF_8));
  }

  @AfterEach
  void end() throws IOException {
    FuseMount.detach(target);
    pod.ifPresent(CachePod::close);
    plugin.close();
    oss.close();
    other.close();
  }

  private void serve(String... mounts) throws Exception {
    configure(mounts);
    pod =
        Optional.of(
            CachePod.start(
                new CachePod.Surroundings(
                    secret,
                    node,
                    "node",
                    new PodName("ns", "pod", "uid"),
                    0,
                    0,
                    Duration.ofMinutes(10),
                    0)));
    plugin.next(FrameCase.HELLO);
    plugin.serve("s-1", target, "");
    plugin.next(FrameCase.SERVING);
  }

  private void configure(String... mounts) throws IOException {
    String json =
        """
        {"namespace": "ns", "name": "m", "uid": "u", "cache": {"sizeBytes": "100000000"},
         "timeouts": {"connect": "2s", "operation": "10s"}, "source": %s, "mounts": [%s]}
        """
            .formatted(source(oss.emulator().endpoint(), "secret"), String.join(",", mounts));
    Path fresh = Files.writeString(secret.resolve("fresh"), json);
    Files.move(fresh, secret.resolve("mount.json"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static String source(String endpoint, String accessKeySecret) {
    return """
    {"bucket": "%s", "endpoint": "%s", "region": "%s", "addressingStyle": "PATH",
     "credentials": {"accessKeyId": "id", "accessKeySecret": "%s"}}
    """
        .formatted(EmulatedOss.BUCKET, endpoint, EmulatedOss.REGION, accessKeySecret);
  }

  private static String mount(String path, String source) {
    return "{\"path\": \"%s\", \"source\": %s}".formatted(path, source);
  }

  private String labels() {
    return mount("labels", source(other.emulator().endpoint(), "secret"));
  }

  private String shell(String script) throws IOException, InterruptedException {
    Path output = Files.createTempFile("shell-", ".out");
    Process process =
        new ProcessBuilder("timeout", "30", "sh", "-c", script)
            .directory(target.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String text = Files.readString(output);
    Files.delete(output);
    return text;
  }

  private void awaitShell(String script, String said) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(shell(script)).isEqualTo(said));
  }

  @Test
  void two_buckets_are_one_tree() throws Exception {
    oss.put("f", "same".getBytes(UTF_8));
    serve(labels(), mount("labels/deep/inner", source(oss.emulator().endpoint(), "secret")));

    assertThat(shell("ls; ls labels; cat f labels/f labels/deep/inner/f"))
        .isEqualTo("f\nlabels\nown\n" + "deep\nf\n" + "same" + "other" + "same");
    assertThat(shell("mv own labels/moved && cat labels/moved; ls own 2>&1 | grep -c 'No such'"))
        .isEqualTo("own1\n");
    assertThat(other.get("moved")).isEqualTo("own".getBytes(UTF_8));
    assertThat(shell("rmdir labels; mv labels x; mkdir labels; rmdir labels/deep"))
        .contains("busy", "exists")
        .hasLineCount(4);
    assertThat(shell("find . | sort | tr '\\n' ' '"))
        .isEqualTo(
            ". ./f ./labels ./labels/deep ./labels/deep/inner ./labels/deep/inner/f ./labels/f"
                + " ./labels/moved ");
  }

  @Test
  void mounts_come_and_go_while_files_are_open() throws Exception {
    serve();
    assertThat(shell("ls; ls labels 2>/dev/null")).isEqualTo("own\n");

    configure(labels());
    awaitShell("ls; cat labels/f", "labels\nown\nother");
    try (FileChannel reading = FileChannel.open(target.resolve("labels/f"));
        FileChannel writing =
            FileChannel.open(
                target.resolve("labels/new"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE)) {
      writing.write(ByteBuffer.wrap("begun, ".getBytes(UTF_8)));
      configure();
      awaitShell("ls; cat labels/f 2>&1 | grep -c 'No such'", "own\n1\n");

      ByteBuffer into = ByteBuffer.allocate(10);
      assertThat(reading.read(into, 0)).isEqualTo(5);
      writing.write(ByteBuffer.wrap("ended".getBytes(UTF_8)));
    }
    assertThat(other.get("new")).isEqualTo("begun, ended".getBytes(UTF_8));

    configure(labels());
    awaitShell("cat labels/new", "begun, ended");
  }

  @Test
  void while_the_disk_does_not_allow_a_mount_nothing_is_written_around_it() throws Exception {
    Path inTheWay = stagingOfLabels();
    Files.createDirectories(inTheWay.getParent());
    Files.createFile(inTheWay);
    oss.put("labels/hidden", "hidden".getBytes(UTF_8));
    serve(labels());

    assertThat(shell("ls; cat labels/hidden; echo new > labels/new"))
        .contains("labels\nown\n")
        .containsIgnoringCase("labels/hidden: Input/output error")
        .containsIgnoringCase("labels/new: Input/output error");
    assertThat(shell("find . | sort")).contains("./labels\n./own\n");

    Files.delete(inTheWay);
    awaitShell("cat labels/f", "other");
    assertThat(shell("ls labels; echo new > labels/new; cat own")).isEqualTo("f\nown");
    assertThat(other.get("new")).isEqualTo("new\n".getBytes(UTF_8));

    configure();
    awaitShell("ls labels", "hidden\n");
  }

  private Path stagingOfLabels() {
    long id = MountTree.idOf("labels", EmulatedOss.BUCKET, "");
    return node.resolve("cache/staging/nested").resolve(HexFormat.of().toHexDigits(id));
  }

  @Test
  void what_a_mount_that_is_gone_has_left_is_pending_until_it_is_there_again() throws Exception {
    StagingArea left =
        StagingArea.open(
            Files.createDirectories(stagingOfLabels()),
            new StagingBudget(MIB),
            new StagingTarget(EmulatedOss.BUCKET, "", "labels"));
    StagedFile written = left.create("left", Optional.empty());
    written.write(0, MemorySegment.ofArray("acknowledged".getBytes(UTF_8)));
    assertThat(written.promise()).isTrue();

    serve();
    assertThat(metrics()).contains("ossmount_pending_objects 1.0", "ossmount_pending_bytes 12.0");

    configure(labels());
    awaitShell("cat labels/left", "acknowledged");
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(metrics()).contains("ossmount_pending_objects 0.0"));
    assertThat(other.get("left")).isEqualTo("acknowledged".getBytes(UTF_8));
  }

  private String metrics() throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + pod.orElseThrow().healthPort() + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  @Test
  void wrong_credentials_of_one_are_told_and_mended_while_the_rest_is_served() throws Exception {
    serve(mount("labels", source(other.emulator().endpoint(), "wrong")));
    assertThat(shell("ls; cat own; ls labels 2>&1 | grep -ci 'permission denied'"))
        .isEqualTo("labels\nown\nown1\n");

    configure(labels());
    awaitShell("cat labels/f", "other");
  }

  @Test
  void one_becomes_read_only() throws Exception {
    serve(labels());
    assertThat(shell("echo x >labels/x; cat labels/x")).isEqualTo("x\n");
    configure(
        """
        {"path": "labels", "readOnly": true, "source": %s}
        """
            .formatted(source(other.emulator().endpoint(), "secret")));
    awaitShell("(echo y >labels/y) 2>/dev/null || echo no", "no\n");
    assertThat(shell("echo z >z; cat z labels/x")).isEqualTo("z\nx\n");
  }

  @Test
  void one_whose_oss_is_silent_does_not_slow_down_the_others() throws Exception {
    for (int i = 0; i < 40; i++) {
      oss.put("large-" + i, new byte[MIB]);
    }
    try (ServerSocket silent = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
      String endpoint = "http://127.0.0.1:" + silent.getLocalPort();
      serve(mount("labels", source(endpoint, "secret")));
      List<Process> waiting = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        waiting.add(
            new ProcessBuilder("ls", target.resolve("labels/sub-" + i).toString())
                .redirectErrorStream(true)
                .start());
      }
      assertThat(shell("cat large-* | wc -c; ls | wc -l")).isEqualTo(40 * MIB + "\n" + "42\n");
      assertThat(waiting).as("they still wait").allMatch(Process::isAlive);
      waiting.forEach(Process::destroyForcibly);
    }
  }

  @Test
  void one_that_cannot_be_reached_fails_below_its_path() throws Exception {
    serve(mount("labels", source("http://127.0.0.1:1", "secret")));
    assertThat(shell("cat own; ls")).isEqualTo("ownlabels\nown\n");
    assertThatThrownBy(() -> Files.readString(target.resolve("labels/f")))
        .isInstanceOf(IOException.class);
    assertThat(shell("cat own")).isEqualTo("own");
    configure(labels());
    awaitShell("cat labels/f", "other");
  }

  @Test
  void a_bucket_that_is_not_there_fails_below_its_path() throws Exception {
    String source =
        source(other.emulator().endpoint(), "secret")
            .replace(": \"" + EmulatedOss.BUCKET + "\"", ": \"nobucket\"");
    serve(mount("labels", source));
    assertThat(shell("cat own; ls; ls labels >/dev/null 2>&1 || echo failed"))
        .isEqualTo("ownlabels\nown\nfailed\n");
  }
}
