package io.ossmount.fuse.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.fuse.testing.KeptSession;
import io.ossmount.fuse.testing.KeptSession.Server;
import io.ossmount.fuse.testing.Shell;
import io.ossmount.fuse.testing.SteadyFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two processes serve one session after each other; this one mounts and keeps the descriptors, as
 * the node plugin does.
 */
@Timeout(120)
@ParameterizedClass(name = "INIT flags {0} are masked")
@ValueSource(longs = {0, KernelFlags.HAS_RESEND})
final class TakeoverIT {
  /** What an older kernel would not have. */
  @Parameter private long masked;

  @TempDir Path directory;
  private final List<Process> processes = new CopyOnWriteArrayList<>();
  private KeptSession session;
  private Path target;

  @BeforeEach
  void mount() throws IOException {
    session = new KeptSession(directory, masked);
    target = session.target();
  }

  @AfterEach
  void unmount() throws Exception {
    session.abort();
    for (Process process : processes) {
      process.destroyForcibly();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
    session.close();
  }

  private static Process background(Process process, List<Process> all) {
    all.add(process);
    return process;
  }

  @Test
  void a_killed_servers_requests_are_answered_by_the_next_one() throws Exception {
    Server first = session.start();
    assertThat(first.says()).isEqualTo("serving 1");
    Path read = directory.resolve("read");
    Path made = directory.resolve("made");
    Process reader = background(Shell.start(read, "exec cat $1/data", target), processes);
    Process looker = background(Shell.start("exec stat $1/later", target), processes);
    // In a directory of its own: the kernel locks it while the operation is not answered.
    Process maker =
        background(Shell.start(made, "exec mkdir $1/directory/made", target), processes);
    for (int held = 0; held < 3; held++) {
      assertThat(first.says()).isEqualTo("holding");
    }

    first.kill();
    Process meanwhile = background(Shell.start("exec stat -f $1/none", target), processes);
    assertThat(reader.waitFor(300, TimeUnit.MILLISECONDS)).isFalse();
    Server second = session.start();

    assertThat(second.says()).isEqualTo("serving 2");
    for (Process process : List.of(reader, looker, maker, meanwhile)) {
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(reader.exitValue()).isZero();
    assertThat(Files.readAllBytes(read)).isEqualTo(SteadyFileSystem.content());
    assertThat(looker.exitValue()).isZero();
    // The second server was told that the first one had begun.
    assertThat(maker.exitValue()).isZero();
    assertThat(made).isEmptyFile();
    second.kill();
  }

  @Test
  void a_session_is_handed_on_again_and_again() throws Exception {
    for (int epoch = 1; epoch <= 3; epoch++) {
      Server server = session.start();
      assertThat(server.says()).isEqualTo("serving " + epoch);
      assertThat(isFirstHalfRight()).isTrue();
      server.kill();
    }
    Server last = session.start();
    assertThat(last.says()).isEqualTo("serving 4");
    FuseMount.detach(target);
    assertThat(last.says()).isEqualTo("ended");
    assertThat(last.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(last.process().exitValue()).isZero();
    last.connection().close();
  }

  @Test
  void a_reader_notices_nothing_of_servers_killed_in_the_middle() throws Exception {
    Path expected = Files.write(directory.resolve("expected"), SteadyFileSystem.content());
    Server server = session.start();
    assertThat(server.says()).isEqualTo("serving 1");
    String readAgainAndAgain =
        "until [ -e $3 ]; do"
            + " dd if=$1/data bs=64k iflag=direct status=none | cmp - $2 || exit 1; done";
    Path enough = directory.resolve("enough");
    Path log = directory.resolve("log");
    Process reader =
        background(Shell.start(log, readAgainAndAgain, target, expected, enough), processes);
    assertThat(server.says()).isEqualTo("holding");

    for (int kill = 0; kill < 3; kill++) {
      server.kill();
      server = session.start();
      assertThat(server.says()).startsWith("serving");
      assertThat(reader.waitFor(200, TimeUnit.MILLISECONDS)).isFalse();
    }

    Files.createFile(enough);
    assertThat(reader.waitFor(40, TimeUnit.SECONDS)).isTrue();
    assertThat(log).isEmptyFile();
    assertThat(reader.exitValue()).isZero();
    server.kill();
  }

  @Test
  void a_process_without_privilege_serves_what_root_mounted() throws Exception {
    List<String> unprivileged =
        List.of(
            "setpriv",
            "--reuid",
            "65532",
            "--regid",
            "65532",
            "--clear-groups",
            "--bounding-set",
            "-all",
            "--no-new-privs");

    Server server = session.start(unprivileged, readableClassPath());

    assertThat(server.says()).isEqualTo("serving 1");
    assertThat(server.connection().peer().uid()).isEqualTo(65532);
    assertThat(isFirstHalfRight()).isTrue();
    server.kill();
  }

  private boolean isFirstHalfRight() throws IOException {
    Path expected = Files.write(directory.resolve("expected"), SteadyFileSystem.content());
    return Shell.run("cmp -n 4000000 $1/data $2", target, expected).status() == 0;
  }

  /** Copies of what this process runs: another user may not read the originals. */
  private String readableClassPath() throws IOException {
    List<String> readable = new ArrayList<>();
    for (String element : System.getProperty("java.class.path").split(":", -1)) {
      boolean isNeeded =
          !element.endsWith(".jar") || element.matches(".*/(ossmount-fuse|slf4j|logback)[^/]*");
      if (isNeeded && !element.isEmpty() && Files.exists(Path.of(element))) {
        Path copy = directory.resolve("classes" + readable.size() + Path.of(element).getFileName());
        Shell.output("cp -rL $1 $2 && chmod -R a+rX $2", element, copy);
        readable.add(copy.toString());
      }
    }
    return String.join(":", readable);
  }
}
