package io.ossmount.cache.fs;

import static io.ossmount.cache.fs.KernelMount.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ossmount.emulator.api.Operation;
import io.ossmount.emulator.fault.Effect;
import io.ossmount.emulator.fault.Fault;
import io.ossmount.emulator.log.RequestRecord;
import io.ossmount.fuse.server.LocalMount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions, errors and hostile keys through the kernel. Needs root and /dev/fuse. */
@Timeout(120)
final class SessionsIT extends OnKernelMount {
  private void put(String key) {
    mounted.put(key, key.getBytes(StandardCharsets.UTF_8));
  }

  private LocalMount session(String name, SessionView view) throws IOException {
    return mounted.mount(Files.createDirectories(directory.resolve(name)), view);
  }

  @Test
  void whatOneSessionChangesTheKernelOfAnotherSeesAtOnce() throws IOException {
    Files.createDirectory(root.resolve("d"));
    Files.writeString(root.resolve("d/old"), "old");
    try (LocalMount other = session("other", SessionView.WHOLE)) {
      Path there = other.target().resolve("d");
      assertThat(there.resolve("new")).doesNotExist();
      assertThat(there.resolve("old")).hasContent("old");
      assertThat(run(there, "ls")).isEqualTo("old\n");

      Files.writeString(root.resolve("d/new"), "new");
      Files.writeString(root.resolve("d/old"), "longer than before");

      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> {
            assertThat(there.resolve("new")).hasContent("new");
            assertThat(there.resolve("old")).hasContent("longer than before");
            assertThat(run(there, "ls")).isEqualTo("new\nold\n");
          });
      Files.delete(root.resolve("d/old"));
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(there.resolve("old")).doesNotExist());
    }
  }

  @Test
  void aSessionOfADirectoryIsLeftByNoPath() throws IOException {
    put("secret");
    put("a/b/f");
    SessionView view =
        new SessionView("a/b/", false, OptionalInt.empty(), OptionalInt.empty(), 0, false);
    try (LocalMount sub = session("sub", view)) {
      assertThat(run(sub.target(), "ls", "-A")).isEqualTo("f\n");
      assertThat(sub.target().resolve("../secret")).doesNotExist();
      assertThat(sub.target().resolve("..").toRealPath()).isEqualTo(directory.toRealPath());
    }
  }

  @Test
  void closeReportsThatTheUploadFailed() {
    mounted
        .emulator
        .faults()
        .add(
            Fault.on(Operation.PUT_OBJECT).key("denied").gives(Effect.answer(403, "AccessDenied")));
    String program =
        """
        import errno
        f = open('denied', 'wb', buffering=0)
        f.write(b'hello')
        try:
            f.close()
            print('closed')
        except OSError as e:
            print(errno.errorcode[e.errno])
        """;
    assertThat(run(root, "python3", "-c", program)).isEqualTo("EACCES\n");
  }

  @Test
  void whoWaitsForOssCanBeEnded() throws Exception {
    put("d/small");
    mounted.put("d/large", KernelMount.random(5 << 20, 1));
    mounted
        .emulator
        .faults()
        .add(Fault.on(Operation.GET_OBJECT).gives(new Effect.Delay(Duration.ofSeconds(60))));
    for (String file : new String[] {"d/small", "d/large"}) {
      Process reader = new ProcessBuilder("cat", file).directory(root.toFile()).start();
      await().until(() -> !gets(file).isEmpty());
      reader.destroy();
      assertThat(reader.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(gets(file)).as("OSS has not answered").allMatch(get -> get.status() == 0);
    }
  }

  private List<RequestRecord> gets(String key) {
    return mounted
        .emulator
        .requests()
        .matching(get -> get.operation() == Operation.GET_OBJECT && get.key().equals(key));
  }

  @Test
  void keysThatAreNoPathsHaveNames() {
    put("d/../up");
    put("d/./here");
    put("d//twice");
    put("d/" + "n".repeat(300));
    put("both");
    put("both/inside");
    assertThat(run(root, "ls", "-A")).isEqualTo("%ossfile%both\nboth\nd\n");
    assertThat(run(root, "cat", "%ossfile%both", "d/%oss%%2E%2E/up", "d/%oss%%2E/here"))
        .isEqualTo("both" + "d/../up" + "d/./here");
    assertThat(run(root, "cat", "d/%oss%/twice")).isEqualTo("d//twice");
    assertThat(run(root, "sh", "-c", "cat d/%osslong%*")).isEqualTo("d/" + "n".repeat(300));
    run(root, "rm", "-r", "d", "both");
    assertThat(run(root, "ls", "-A")).as("nothing hides it any more").isEqualTo("both\n");
    run(root, "rm", "both");
    assertThat(mounted.store.list("", false, Optional.empty(), 10).objects()).isEmpty();
  }

  @Test
  void aReadOnlySessionRefusesToWrite() throws IOException {
    put("f");
    SessionView view =
        new SessionView("", true, OptionalInt.empty(), OptionalInt.empty(), 0, false);
    try (LocalMount reader = session("reader", view)) {
      Path file = reader.target().resolve("f");
      assertThat(file).hasContent("f");
      assertThatThrownBy(() -> Files.writeString(file, "x"))
          .hasMessageContaining("Read-only file system");
    }
  }

  @Test
  void manySmallFilesAreReadAndWrittenByManyAtOnce() {
    run(
        root,
        "sh",
        "-c",
        "mkdir m && for w in 1 2 3 4 5 6 7 8; do "
            + "(for i in $(seq 40); do echo $w-$i > m/$w-$i; done) & done; wait");
    assertThat(run(root, "sh", "-c", "ls m | wc -l").strip()).isEqualTo("320");
    assertThat(run(root, "sh", "-c", "cat m/* | sort -u | wc -l").strip()).isEqualTo("320");
  }
}
