package io.ossmount.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.emulator.OssEmulator;
import io.ossmount.emulator.api.Operation;
import io.ossmount.emulator.fault.Effect;
import io.ossmount.emulator.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process of its own. Needs root and /dev/fuse. */
@Timeout(120)
final class MountCommandIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path directory;
  private OssEmulator emulator;
  private Path target;
  private Path log;
  private final List<Process> processes = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    emulator =
        OssEmulator.builder()
            .directory(directory.resolve("oss"))
            .bucket("bucket")
            .accessKey("id", "secret")
            .start();
    target = Files.createDirectory(directory.resolve("mnt"));
    log = directory.resolve("log");
  }

  @AfterEach
  void end() throws InterruptedException {
    for (Process process : processes) {
      process.destroy();
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
    emulator.close();
  }

  private Process mount(String secret, String... arguments) throws IOException {
    Process process = MountProcess.start(log, secret, arguments);
    processes.add(process);
    return process;
  }

  private Process mountBucket(String bucket, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                bucket,
                target.toString(),
                "--endpoint",
                emulator.endpoint(),
                "--region",
                "cn-test",
                "--path-style",
                "--cache-dir",
                directory.resolve("cache").toString()));
    arguments.addAll(List.of(more));
    Process process = mount("secret", arguments.toArray(String[]::new));
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(log).content().contains("is mounted on"));
    return process;
  }

  private static int exitStatus(Process process) throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("it ends").isTrue();
    return process.exitValue();
  }

  private boolean isMounted() throws IOException {
    return Files.readString(Path.of("/proc/self/mountinfo")).contains(" " + target + " ");
  }

  @Test
  void aBucketIsMountedUntilSigterm() throws Exception {
    Process process = mountBucket("bucket");
    Files.writeString(target.resolve("f"), "hello");
    assertThat(target.resolve("f")).hasContent("hello");
    process.destroy();
    exitStatus(process);
    assertThat(isMounted()).isFalse();

    Files.delete(log);
    mountBucket("bucket", "--read-only");
    assertThat(target.resolve("f")).hasContent("hello");
  }

  @Test
  void aDirectoryOfABucketIsMountedUntilItIsUnmounted() throws Exception {
    Process process = mountBucket("bucket/some/dir/", "--umask", "077", "--uid", "7");
    Files.createDirectory(target.resolve("d"));
    assertThat(emulator.buckets().all()).hasSize(1);
    Process umount = new ProcessBuilder("umount", target.toString()).start();
    assertThat(exitStatus(umount)).isZero();
    assertThat(exitStatus(process)).isZero();
  }

  @Test
  void withoutCachingNothingThatIsReadStaysOnTheDisk() throws Exception {
    byte[] bytes = new byte[3 << 20];
    new java.util.Random(3).nextBytes(bytes);
    Process first = mountBucket("bucket", "--read-mode", "none");
    Files.write(target.resolve("f"), bytes);
    assertThat(target.resolve("f")).hasBinaryContent(bytes);
    first.destroy();
    exitStatus(first);
    Files.delete(log);

    Process process = mountBucket("bucket", "--read-mode", "none");
    assertThat(target.resolve("f")).hasBinaryContent(bytes);
    process.destroy();
    exitStatus(process);
    assertThat(diskBytes(directory.resolve("cache"))).isLessThan(1 << 20);
  }

  private static long diskBytes(Path below) throws Exception {
    Process du = new ProcessBuilder("du", "-sk", below.toString()).start();
    String said = new String(du.getInputStream().readAllBytes(), UTF_8);
    return Long.parseLong(said.substring(0, said.indexOf('\t'))) << 10;
  }

  @Test
  void whatWasWrittenForAnotherDirectoryIsNotUploaded() throws Exception {
    Process process = mountBucket("bucket/a", "--write-mode", "async");
    int fault =
        emulator
            .faults()
            .add(Fault.on(Operation.PUT_OBJECT).gives(Effect.answer(503, "ServiceUnavailable")));
    Files.writeString(target.resolve("f"), "hello");
    process.destroyForcibly();
    process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    new ProcessBuilder("umount", "-l", target.toString()).start().waitFor();
    emulator.faults().remove(fault);
    Files.delete(log);

    mountBucket("bucket/b", "--write-mode", "async");
    Files.writeString(target.resolve("g"), "own");
    await()
        .atMost(PATIENCE)
        .until(() -> emulator.buckets().all().getFirst().find("b/g").isPresent());
    assertThat(emulator.buckets().all().getFirst().find("a/f")).isEmpty();
    assertThat(log)
        .content()
        .contains("1 files were written for oss://bucket/a/, and oss://bucket/b/ is served");
    try (var aside = Files.list(directory.resolve("cache/staging/aside"))) {
      assertThat(aside.map(file -> file.getFileName().toString()))
          .anyMatch(name -> name.endsWith("-a%2ff"));
    }
  }

  @Test
  void anAsynchronousWriteSurvivesAKillAndIsUploadedByTheNextMount() throws Exception {
    Process process = mountBucket("bucket", "--write-mode", "async");
    int fault =
        emulator
            .faults()
            .add(Fault.on(Operation.PUT_OBJECT).gives(Effect.answer(503, "ServiceUnavailable")));
    Files.writeString(target.resolve("f"), "hello");
    process.destroyForcibly();
    process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    // The kernel's mount is dead; the next one takes its place.
    new ProcessBuilder("umount", "-l", target.toString()).start().waitFor();
    emulator.faults().remove(fault);
    Files.delete(log);

    mountBucket("bucket", "--write-mode", "Through");
    await().atMost(PATIENCE).until(() -> emulator.buckets().all().getFirst().find("f").isPresent());
    assertThat(target.resolve("f")).hasContent("hello");
  }

  @Test
  void aDirectoryOfTheBucketIsMountedInIt() throws Exception {
    Process process = mountBucket("bucket/a", "--nested", "x/y=bucket/b", "--nested", "z=bucket");
    Files.writeString(target.resolve("x/y/f"), "hello");
    assertThat(target.resolve("z/b/f")).hasContent("hello");
    process.destroy();
    exitStatus(process);
    assertThat(
            said(
                "secret",
                "bucket",
                "/mnt",
                "--endpoint",
                "http://e",
                "--region",
                "r",
                "--nested",
                "/=b"))
        .contains("--nested");
  }

  @Test
  void whatIsWrongIsSaidInOneLine() throws Exception {
    String[] usual = {
      "bucket",
      target.toString(),
      "--endpoint",
      emulator.endpoint(),
      "--path-style",
      "--cache-dir",
      directory.resolve("cache").toString()
    };
    assertThat(said("secret", usual)).contains("--region");
    String[] region = append(usual, "--region", "cn-test");
    assertThat(said("wrong", region)).contains("SignatureDoesNotMatch");
    assertThat(said("secret", append(region, "--umask", "9"))).contains("--umask");
    region[0] = "not-there";
    assertThat(said("secret", region)).contains("NoSuchBucket");
    region[0] = "bucket";
    region[1] = directory.resolve("nowhere").toString();
    assertThat(said("secret", region)).contains("nowhere");
  }

  private static String[] append(String[] arguments, String... more) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private String said(String secret, String... arguments) throws Exception {
    Files.deleteIfExists(log);
    assertThat(exitStatus(mount(secret, arguments))).isNotZero();
    String text = Files.readString(log);
    assertThat(text).doesNotContain("\tat ");
    assertThat(isMounted()).isFalse();
    return text;
  }
}
