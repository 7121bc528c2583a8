package io.ossmount.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.control.Certificates;
import io.ossmount.cache.store.oss.EmulatedOss;
import io.ossmount.cache.store.oss.Unset;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.proto.session.v1.PodFrame.FrameCase;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs that have files open, a directory half read or as their working directory, while the
 * cache process is killed with SIGKILL and another one is given the session. Needs root and
 * /dev/fuse.
 */
@Timeout(300)
@ParameterizedClass(name = "INIT flags {0} are masked")
@ValueSource(longs = {0, KernelFlags.HAS_RESEND})
class KilledServerIT {
  private static final int LARGE_BYTES = 12 << 20;
  private static final int NAMES = 2500;

  /** More than a session has room for. */
  private static final int DIRECTORIES = 18_000;

  /** Both kinds, which do not know of one another, until its input ends. */
  private static final String HOLD =
      """
      import fcntl, sys
      file = open('small', 'r+')
      fcntl.flock(file, fcntl.LOCK_EX)
      fcntl.lockf(file, fcntl.LOCK_EX)
      print('held', flush=True)
      sys.stdin.read()
      """;

  private static final String TRY =
      """
      import fcntl
      file = open('small', 'r+')
      def is_free(lock):
          try:
              lock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
              return True
          except BlockingIOError:
              return False
      print('flock', is_free(fcntl.flock), 'fcntl', is_free(fcntl.lockf))
      """;

  /** What an older kernel would not have. */
  @Parameter private long masked;

  @TempDir Path data;
  @TempDir Path secret;
  @TempDir Path node;
  @TempDir Path target;
  private EmulatedOss oss = Unset.value();
  private FakePlugin plugin = Unset.value();
  private Process server = Unset.value();

  @BeforeEach
  void serve() throws Exception {
    oss = new EmulatedOss(data);
    plugin = new FakePlugin(node.resolve("plugin.sock"));
    new Certificates("authority").write(secret, "cache-pod");
    Files.writeString(secret.resolve("mount.json"), configuration());
    oss.put("dir/large", large());
    oss.put("dir/small", "small".getBytes(UTF_8));
    oss.put("dir/doomed", "doomed".getBytes(UTF_8));
    for (int i = 0; i < NAMES; i++) {
      oss.put("names/name-%05d".formatted(i), new byte[0]);
    }
    server = start();
    plugin.next(FrameCase.HELLO);
    plugin.serve("s-1", target, "");
    plugin.next(FrameCase.SERVING);
    assertThat(target).isNotEmptyDirectory();
    assertThat(plugin.resends("s-1")).isEqualTo(masked == 0);
  }

  @AfterEach
  void end() throws Exception {
    FuseMount.abort(target);
    kill();
    plugin.close();
    oss.close();
  }

  @Test
  void open_files_are_read_on() throws Exception {
    try (FileChannel large = FileChannel.open(target.resolve("dir/large"));
        FileChannel small = FileChannel.open(target.resolve("dir/small"));
        FileChannel doomed = FileChannel.open(target.resolve("dir/doomed"))) {
      assertThat(read(large, 0, 4096)).isEqualTo(part(0, 4096));
      var mapped = large.map(MapMode.READ_ONLY, 0, LARGE_BYTES);
      Files.delete(target.resolve("dir/doomed"));

      for (int times = 0; times < 3; times++) {
        replaceServer();

        int at = (times + 1) * (3 << 20) + 100;
        assertThat(read(large, at, 70_000)).isEqualTo(part(at, 70_000));
        byte[] shown = new byte[5000];
        mapped.get(at + (1 << 20), shown);
        assertThat(shown).isEqualTo(part(at + (1 << 20), 5000));
        assertThat(read(small, 0, 5)).isEqualTo("small".getBytes(UTF_8));
        assertThat(read(doomed, 0, 6)).isEqualTo("doomed".getBytes(UTF_8));
        assertThat(large.size()).isEqualTo(LARGE_BYTES);
      }
      try (FileChannel again = FileChannel.open(target.resolve("dir/small"))) {
        assertThat(read(again, 0, 5)).isEqualTo("small".getBytes(UTF_8));
      }
    }
  }

  @Test
  void what_is_open_goes_on_after_more_directories_than_can_be_written_down() throws Exception {
    List<String> files =
        IntStream.range(0, DIRECTORIES).mapToObj("many/%05d/file"::formatted).toList();
    oss.putAll(files, "many".getBytes(UTF_8));
    Process shell =
        new ProcessBuilder("sh", "-c", "while read -r command; do eval \"$command\"; done")
            .directory(target.resolve("dir").toFile())
            .redirectErrorStream(true)
            .start();
    try (BufferedWriter in = shell.outputWriter();
        BufferedReader out = shell.inputReader();
        FileChannel before = FileChannel.open(target.resolve("dir/large"))) {
      assertThat(ask(in, out, "cat small; echo")).isEqualTo("small");
      try (Stream<Path> found = Files.walk(target.resolve("many"), 1)) {
        assertThat(found.filter(Files::isDirectory)).hasSize(DIRECTORIES + 1);
      }
      try (FileChannel after = FileChannel.open(target.resolve("many/00007/file"))) {
        replaceServer();

        assertThat(read(before, 0, 4096)).isEqualTo(part(0, 4096));
        assertThat(read(after, 0, 4)).isEqualTo("many".getBytes(UTF_8));
        assertThat(ask(in, out, "cat small; echo")).isEqualTo("small");
      }
      for (int i = 0; i < DIRECTORIES; i += 500) {
        assertThat(target.resolve(files.get(i))).hasContent("many");
      }
    } finally {
      shell.destroyForcibly();
    }
  }

  @Test
  void a_directory_that_is_half_read_is_read_on() throws Exception {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(target.resolve("names"))) {
      Iterator<Path> each = stream.iterator();
      for (int i = 0; each.hasNext(); i++) {
        names.add(each.next().getFileName().toString());
        if (i == 100 || i == 1700) {
          replaceServer();
        }
      }
    }

    assertThat(names).hasSize(NAMES).doesNotHaveDuplicates();
  }

  @Test
  void a_working_directory_stays_one() throws Exception {
    Process shell =
        new ProcessBuilder("sh", "-c", "while read -r command; do eval \"$command\"; done")
            .directory(target.resolve("dir").toFile())
            .redirectErrorStream(true)
            .start();
    try (BufferedWriter in = shell.outputWriter();
        BufferedReader out = shell.inputReader()) {
      assertThat(ask(in, out, "cat small; echo")).isEqualTo("small");

      replaceServer();

      assertThat(ask(in, out, "cat small; echo")).isEqualTo("small");
      assertThat(ask(in, out, "ls | tr '\\n' ' '; echo")).isEqualTo("doomed large small ");
      assertThat(ask(in, out, "ls .. | tr '\\n' ' '; echo")).isEqualTo("dir names ");
      assertThat(ask(in, out, "echo new >new; cat new")).isEqualTo("new");
    } finally {
      shell.destroyForcibly();
    }
    assertThat(oss.get("dir/new")).isEqualTo("new\n".getBytes(UTF_8));
  }

  @Test
  void a_read_that_waits_gets_its_answer_from_the_next_server() throws Exception {
    kill();
    Process reader =
        new ProcessBuilder("sha256sum", target.resolve("dir/large").toString())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader out = reader.inputReader()) {
      handOver(start());
      assertThat(out.readLine()).hasSizeGreaterThan(64).doesNotContain("rror");
    } finally {
      reader.destroyForcibly();
    }
  }

  @Test
  void a_lock_is_held_on_and_goes_with_who_holds_it() throws Exception {
    Process holder = python(HOLD);
    try (BufferedReader out = holder.inputReader()) {
      assertThat(out.readLine()).isEqualTo("held");
      assertThat(freeLocks()).isEqualTo("flock False fcntl False");

      replaceServer();

      assertThat(freeLocks()).isEqualTo("flock False fcntl False");
      holder.outputWriter().close();
      assertThat(holder.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(freeLocks()).isEqualTo("flock True fcntl True");
    } finally {
      holder.destroyForcibly();
    }
  }

  /** Which locks of the file another process can have now. */
  private String freeLocks() throws Exception {
    Process other = python(TRY);
    try (BufferedReader out = other.inputReader()) {
      return String.valueOf(out.readLine());
    } finally {
      other.destroyForcibly();
    }
  }

  private Process python(String script) throws IOException {
    return new ProcessBuilder("python3", "-c", script)
        .directory(target.resolve("dir").toFile())
        .redirectErrorStream(true)
        .start();
  }

  private static String ask(BufferedWriter in, BufferedReader out, String command)
      throws IOException {
    in.write(command + "\n");
    in.flush();
    return out.readLine();
  }

  /**
   * The next one waits until the first one is gone. It is started before: a process that is forked
   * closes this one's files, and that takes a server.
   */
  private void replaceServer() throws Exception {
    Process next = start();
    kill();
    handOver(next);
  }

  private void handOver(Process next) throws Exception {
    server = next;
    plugin.next(FrameCase.HELLO);
    plugin.serveAgain("s-1", "");
    plugin.next(FrameCase.SERVING);
  }

  private void kill() throws InterruptedException {
    server.destroyForcibly();
    assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            "env",
            "OSSMOUNT_CONFIGURATION=" + secret,
            "OSSMOUNT_NODE_DIRECTORY=" + node,
            "OSSMOUNT_CONTROL_PORT=0",
            "OSSMOUNT_HEALTH_PORT=0",
            KernelFlags.unwanted(masked),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            CacheMain.class.getName(),
            "serve")
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(data.resolve("server.log").toFile()))
        .start();
  }

  private String configuration() {
    return """
    {"namespace": "ns", "name": "m", "uid": "u", "cache": {"sizeBytes": "100000000"},
     "metadataCache": {"attributeTimeout": "60s", "listTimeout": "60s", "negativeTimeout": "5s"},
     "timeouts": {"connect": "2s", "operation": "10s"},
     "source": {"bucket": "%s", "endpoint": "%s", "region": "%s", "addressingStyle": "PATH",
       "credentials": {"accessKeyId": "%s", "accessKeySecret": "%s"}}}
    """
        .formatted(
            EmulatedOss.BUCKET,
            oss.emulator().endpoint(),
            EmulatedOss.REGION,
            EmulatedOss.CREDENTIALS.accessKeyId(),
            EmulatedOss.CREDENTIALS.accessKeySecret());
  }

  private static byte[] large() {
    byte[] bytes = new byte[LARGE_BYTES];
    new Random(11).nextBytes(bytes);
    return bytes;
  }

  private static byte[] part(int from, int length) {
    return java.util.Arrays.copyOfRange(large(), from, from + length);
  }

  private static byte[] read(FileChannel file, long at, int length) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(length);
    while (into.hasRemaining() && file.read(into, at + into.position()) >= 0) {}
    return into.array();
  }
}
