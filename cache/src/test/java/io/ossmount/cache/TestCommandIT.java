package io.ossmount.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.config.MountSettings.Credentials;
import io.ossmount.cache.config.MountSettings.Source;
import io.ossmount.cache.config.MountSettings.Timeouts;
import io.ossmount.cache.store.Content;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.oss.OssObjectStore;
import io.ossmount.emulator.OssEmulator;
import io.ossmount.emulator.api.Operation;
import io.ossmount.emulator.auth.AccessKey;
import io.ossmount.emulator.auth.Rights;
import io.ossmount.emulator.fault.Effect;
import io.ossmount.emulator.fault.Fault;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The test of a mount against a mount. Needs root and /dev/fuse. */
@Timeout(240)
final class TestCommandIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path directory;
  private OssEmulator emulator;
  private Path target;
  private Process mount;

  @BeforeEach
  void mountIt() throws IOException {
    emulator =
        OssEmulator.builder()
            .directory(directory.resolve("oss"))
            .bucket("bucket")
            .accessKey("id", "secret")
            .accessKey(AccessKey.of("reader", "secret", Rights.READ_ONLY))
            .start();
    put("some/dir/there.txt");
    put("some/dir/below/it.txt");
    target = Files.createDirectory(directory.resolve("mnt"));
    Path log = directory.resolve("log");
    mount =
        MountProcess.start(
            log,
            "secret",
            "bucket/some/dir",
            target.toString(),
            "--endpoint",
            emulator.endpoint(),
            "--region",
            "cn-test",
            "--path-style",
            "--cache-dir",
            directory.resolve("cache").toString());
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(log).content().contains("is mounted on"));
  }

  @AfterEach
  void unmountIt() throws InterruptedException {
    emulator.faults().clear();
    mount.destroy();
    if (!mount.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      mount.destroyForcibly();
    }
    emulator.close();
  }

  @Test
  void aMountThatIsFinePassesAndTheFilesToLookAtStay() throws Exception {
    // when
    Run run = test("id");
    // then
    assertThat(run.rows()).allMatch(row -> row.contains("\"result\":\"Passed\""));
    assertThat(run.rows()).hasSize(run.total());
    assertThat(run.code()).isZero();
    assertThat(run.output()).endsWith("{\"ossmountTest\":\"end\"}\n");
    assertThat(keys())
        .contains(
            "some/dir/default_tests_files/BasicFile_Cache_Through",
            "some/dir/default_tests_files/BasicFile_None_Async",
            "some/dir/there.txt")
        .noneMatch(key -> key.contains("run-"));
    assertThat(target.resolve("default_tests_files/BasicFile_Cache_Through"))
        .content()
        .startsWith("BasicFile_Cache_Through, line 1\n");
  }

  @Test
  void nothingIsLeftWhereThatIsWished() throws Exception {
    // given
    List<String> before = keys();
    // when
    Run run = test("id", "--clean-up");
    // then
    assertThat(run.code()).as(run.output()).isZero();
    assertThat(keys()).isEqualTo(before);
  }

  @Test
  void aKeyThatMayNotWriteFailsWhereItMatters() throws Exception {
    // when
    Run run = test("reader");
    // then
    assertThat(run.code()).isOne();
    assertThat(run.row("Rights/Read")).contains("\"Passed\"");
    assertThat(run.row("Rights/Write")).contains("\"Failed\"", "OSS says AccessDenied", "PUT");
    assertThat(run.row("Rights/Delete")).contains("\"Failed\"", "OSS says AccessDenied");
    assertThat(run.row("Consistency/OwnFiles")).contains("\"Passed\"");
    assertThat(run.output()).doesNotContain("\"secret\"");
  }

  @Test
  void whatIsReadOnlyIsNotWrittenTo() throws Exception {
    // given
    List<String> before = keys();
    // when
    Run run = test("reader", "--read-only");
    // then
    assertThat(run.code()).as(run.output()).isZero();
    assertThat(run.row("Store/GetRange")).contains("\"Passed\"");
    assertThat(run.row("Consistency/Contents")).contains("\"Passed\"", "1 files compared");
    assertThat(run.row("Cache_Through/Append")).contains("\"Skipped\"", "read-only");
    assertThat(keys()).isEqualTo(before);
  }

  @Test
  void aStoreThatLiesIsFound() throws Exception {
    // given
    emulator
        .faults()
        .add(Fault.on(Operation.GET_OBJECT).key("*/store/range").gives(new Effect.FlipBit(17)));
    emulator
        .faults()
        .add(
            Fault.on(Operation.ABORT_MULTIPART_UPLOAD)
                .key("*/store/abort")
                .gives(Effect.answer(403, "AccessDenied")));
    // when
    Run run = test("id");
    // then
    assertThat(run.code()).isOne();
    assertThat(run.row("Store/GetRange")).contains("\"Failed\"", "gives other bytes");
    assertThat(run.row("Store/AbortMultipart")).contains("\"Failed\"", "OSS says AccessDenied");
    assertThat(run.row("Store/Head")).contains("\"Passed\"");
  }

  @Test
  void aDifferenceBetweenMountAndBucketIsNamed() throws Exception {
    // given
    try (var entries = Files.list(target)) {
      assertThat(entries).hasSize(2);
    }
    put("some/dir/behind-its-back.txt");
    // when
    Run run = test("reader", "--read-only");
    // then
    assertThat(run.row("Consistency/Listing"))
        .contains("\"Failed\"", "the bucket has behind-its-back.txt, and the mount does not show");
  }

  @Test
  void aDifferenceThatTheMountMayStillCatchUpWithIsSkippedAndSaid() throws Exception {
    // given
    try (var entries = Files.list(target)) {
      assertThat(entries).hasSize(2);
    }
    put("some/dir/behind-its-back.txt");
    // when
    Run run = test("reader", "--read-only", "--late", "600", "--wait", "1");
    // then
    assertThat(run.row("Consistency/Listing"))
        .contains("\"Skipped\"", "not decided within 1 s", "may show for 600 s", "behind-its-back");
    assertThat(run.code()).as(run.output()).isZero();
  }

  private record Run(int code, String output) {
    List<String> rows() {
      return output.lines().filter(line -> line.contains("\"ossmountTest\":\"row\"")).toList();
    }

    int total() {
      return Integer.parseInt(
          output.lines().findFirst().orElseThrow().replaceAll(".*\"total\":(\\d+).*", "$1"));
    }

    String row(String name) {
      return rows().stream()
          .filter(row -> row.contains("\"name\":\"" + name + "\""))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no row " + name + " in " + output));
    }
  }

  private Run test(String accessKeyId, String... more) throws IOException {
    Path credentials = Files.createDirectories(directory.resolve("credentials"));
    Files.writeString(credentials.resolve("fs.oss.accessKeyId"), accessKeyId + "\n");
    Files.writeString(credentials.resolve("fs.oss.accessKeySecret"), "secret\n");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "bucket/some/dir",
                "--endpoint",
                emulator.endpoint(),
                "--region",
                "cn-test",
                "--path-style",
                "--credentials",
                credentials.toString(),
                "--mount",
                "Cache_Through=" + target,
                "--mount",
                "None_Async=" + target,
                "--patience",
                "2",
                "--json"));
    arguments.addAll(List.of(more));
    if (!arguments.contains("--late")) {
      arguments.addAll(List.of("--late", "2"));
    }
    StringWriter output = new StringWriter();
    int code =
        new CommandLine(new TestCommand())
            .setOut(new PrintWriter(output))
            .execute(arguments.toArray(String[]::new));
    return new Run(code, output.toString());
  }

  private void put(String key) {
    try (OssObjectStore store = store()) {
      ByteBuffer content = ByteBuffer.wrap(key.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      var _ = store.put(key, new Content.OfBuffer(content), ObjectMetadata.NONE);
    }
  }

  private List<String> keys() {
    try (OssObjectStore store = store()) {
      return store.list("", false, Optional.empty(), 1000).objects().stream()
          .map(info -> info.key())
          .toList();
    }
  }

  private OssObjectStore store() {
    return OssObjectStore.connect(
        new Source(
            "bucket",
            "",
            URI.create(emulator.endpoint()),
            "cn-test",
            true,
            Optional.of(new Credentials("id", "secret", Optional.empty()))),
        Timeouts.DEFAULT);
  }
}
