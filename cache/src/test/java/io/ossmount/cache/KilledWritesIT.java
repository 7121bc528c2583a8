package io.ossmount.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.oss.OssObjectStore;
import io.ossmount.cache.store.oss.Unset;
import io.ossmount.emulator.api.Operation;
import io.ossmount.emulator.fault.Effect;
import io.ossmount.emulator.fault.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that write while the cache process is killed with SIGKILL, and another one is given the
 * session: no byte is lost, none is there twice, and no program sees an error. Needs root and
 * /dev/fuse.
 */
@Timeout(180)
class KilledWritesIT {
  /** Tests on a kernel that cannot send again what it waits for. */
  private static final String WITHOUT_RESEND = "without-resend";

  private static final Duration SOON = Duration.ofSeconds(60);

  /** Longer than any of it takes. */
  private static final Duration HELD = Duration.ofMinutes(5);

  @TempDir Path directory;
  private final Random random = new Random(7);
  private ServedMount mount = Unset.value();

  @BeforeEach
  void serve(TestInfo test) throws Exception {
    long masked = test.getTags().contains(WITHOUT_RESEND) ? KernelFlags.HAS_RESEND : 0;
    mount = new ServedMount(directory, masked);
  }

  @AfterEach
  void end() throws Exception {
    mount.end();
  }

  private Path path(String name) {
    return mount.target().resolve(name);
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private static void write(FileChannel file, long at, byte[] bytes, int from, int to)
      throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes, from, to - from);
    for (long next = at; rest.hasRemaining(); ) {
      next += file.write(rest, next);
    }
  }

  private static byte[] read(FileChannel file) throws IOException {
    ByteBuffer into = ByteBuffer.allocate((int) file.size());
    while (into.hasRemaining() && file.read(into, into.position()) >= 0) {}
    return into.array();
  }

  private Process program(String... command) throws IOException {
    return new ProcessBuilder(command)
        .directory(mount.target().toFile())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("said").toFile())
        .start();
  }

  private void ends(Process program) throws Exception {
    assertThat(program.waitFor(100, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(directory.resolve("said"))).isEmpty();
    assertThat(program.exitValue()).isZero();
  }

  private boolean isThere(String key) {
    try (OssObjectStore store = mount.oss().store()) {
      return store.head(key).isPresent();
    }
  }

  private List<String> keysBelow(String prefix) {
    try (OssObjectStore store = mount.oss().store()) {
      return store.list(prefix, false, Optional.empty(), 1000).objects().stream()
          .map(ObjectInfo::key)
          .toList();
    }
  }

  private void noUploadIsLeft(String key) {
    try (OssObjectStore store = mount.oss().store()) {
      assertThat(store.uploads(key)).isEmpty();
    }
  }

  /** Requests of this kind wait until {@link #release}. */
  private int hold(Operation operation) {
    return mount.oss().emulator().faults().add(Fault.on(operation).gives(new Effect.Delay(HELD)));
  }

  private void release(int held) {
    mount.oss().emulator().faults().remove(held);
  }

  private void awaitHit(int held) {
    await()
        .atMost(SOON)
        .until(() ->
            mount.oss().emulator().faults().all().stream()
                .anyMatch(status -> status.id() == held && status.hits() > 0));
  }

  @Test
  void a_large_file_is_written_from_beginning_to_end_across_kills() throws Exception {
    byte[] all = bytes(40 << 20);
    try (FileChannel file = FileChannel.open(path("large"), CREATE_NEW, WRITE)) {
      int at = 0;
      for (int to : new int[] {5 << 20, 36 << 20, all.length}) {
        write(file, at, all, at, to);
        at = to;
        if (at < all.length) {
          mount.replaceKilled();
          assertThat(file.size()).isEqualTo(at);
        }
      }
      file.force(true);
      assertThat(mount.oss().get("large")).isEqualTo(all);
    }
    noUploadIsLeft("large");
  }

  @Test
  void an_object_is_written_over_cut_and_extended_across_kills() throws Exception {
    byte[] expected = bytes(3 << 20);
    mount.oss().put("f", expected);
    try (FileChannel file = FileChannel.open(path("f"), READ, WRITE)) {
      for (int kills = 0; kills < 3; kills++) {
        for (int i = 0; i < 20; i++) {
          byte[] some = bytes(1 + random.nextInt(50_000));
          int at = random.nextInt(expected.length);
          write(file, at, some, 0, some.length);
          expected = Arrays.copyOf(expected, Math.max(expected.length, at + some.length));
          System.arraycopy(some, 0, expected, at, some.length);
        }
        int cut = expected.length - random.nextInt(100_000);
        file.truncate(cut);
        expected = Arrays.copyOf(expected, cut);
        mount.replaceKilled();
        assertThat(read(file)).isEqualTo(expected);
      }
    }
    assertThat(mount.oss().get("f")).isEqualTo(expected);
  }

  @Test
  void what_two_processes_append_is_there_once() throws Exception {
    appendAcrossKills();
  }

  @Test
  @Tag(WITHOUT_RESEND)
  void what_two_processes_append_is_there_once_on_an_older_kernel() throws Exception {
    appendAcrossKills();
  }

  private void appendAcrossKills() throws Exception {
    String loop = "i=0; while [ $i -lt 4000 ]; do echo $0-$i; i=$((i+1)); done >>log";
    Process a = program("sh", "-c", loop, "a");
    Process b = program("sh", "-c", loop, "b");
    for (int kills = 0; kills < 3; kills++) {
      Thread.sleep(random.nextInt(300));
      mount.replaceKilled();
    }
    ends(a);
    ends(b);
    assertThat(new String(mount.oss().get("log"), UTF_8).lines())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 8000).mapToObj(i -> (i % 2 == 0 ? "a-" : "b-") + i / 2).toList());
  }

  @Test
  void an_fsync_that_waits_is_answered_by_the_next_server() throws Exception {
    syncAcrossAKill();
  }

  @Test
  @Tag(WITHOUT_RESEND)
  void an_fsync_that_waits_is_answered_by_the_next_server_on_an_older_kernel() throws Exception {
    syncAcrossAKill();
  }

  private void syncAcrossAKill() throws Exception {
    byte[] all = bytes(35 << 20);
    String next = mount.start();
    try (FileChannel file = FileChannel.open(path("f"), CREATE_NEW, WRITE)) {
      write(file, 0, all, 0, all.length);
      int held = hold(Operation.COMPLETE_MULTIPART_UPLOAD);
      var sync = CompletableFuture.runAsync(() -> sync(file));
      awaitHit(held);
      mount.kill();
      release(held);
      mount.handOver(next);
      sync.get(60, TimeUnit.SECONDS);
      assertThat(mount.oss().get("f")).isEqualTo(all);
    }
    noUploadIsLeft("f");
  }

  @Test
  void an_fsync_is_answered_by_the_next_server_when_oss_had_made_the_object() throws Exception {
    byte[] all = bytes(100_000);
    String next = mount.start();
    try (FileChannel file = FileChannel.open(path("f"), CREATE_NEW, WRITE)) {
      write(file, 0, all, 0, all.length);
      var faults = mount.oss().emulator().faults();
      int lost = faults.add(Fault.on(Operation.PUT_OBJECT).times(1).gives(new Effect.Reset(true)));
      int held = faults.add(Fault.on(Operation.PUT_OBJECT).from(2).gives(new Effect.Delay(HELD)));
      var sync = CompletableFuture.runAsync(() -> sync(file));
      awaitHit(held);
      assertThat(mount.oss().get("f")).isEqualTo(all);
      mount.kill();
      long puts = mount.oss().emulator().requests().count(Operation.PUT_OBJECT);
      release(held);
      release(lost);
      mount.handOver(next);
      sync.get(60, TimeUnit.SECONDS);
      assertThat(mount.oss().emulator().requests().count(Operation.PUT_OBJECT)).isEqualTo(puts);
      write(file, all.length, all, 0, 10);
    }
    assertThat(mount.oss().get("f")).hasSize(all.length + 10).startsWith(all);
  }

  private static void sync(FileChannel file) {
    try {
      file.force(true);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void an_archive_is_unpacked_across_kills() throws Exception {
    unpackAcrossKills();
  }

  @Test
  @Tag(WITHOUT_RESEND)
  void an_archive_is_unpacked_across_kills_on_an_older_kernel() throws Exception {
    unpackAcrossKills();
  }

  private void unpackAcrossKills() throws Exception {
    Path from = directory.resolve("from");
    Path files = Files.createDirectories(from.resolve("files"));
    for (int i = 0; i < 200; i++) {
      Files.write(files.resolve("f" + i), bytes(random.nextInt(3) == 0 ? 0 : 2000));
    }
    Path archive = directory.resolve("archive.tar");
    Process packing =
        new ProcessBuilder("tar", "-cf", archive.toString(), "-C", from.toString(), "files")
            .start();
    assertThat(packing.waitFor()).isZero();
    Process tar = program("tar", "-xf", archive.toString());
    for (int kills = 0; kills < 3; kills++) {
      Thread.sleep(random.nextInt(400));
      mount.replaceKilled();
    }
    ends(tar);
    List<String> names = IntStream.range(0, 200).mapToObj(i -> "files/f" + i).toList();
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(keysBelow("files/")).containsAll(names));
    for (String name : names) {
      byte[] expected = Files.readAllBytes(from.resolve(name));
      if (expected.length > 0) {
        assertThat(mount.oss().get(name)).isEqualTo(expected);
      }
    }
  }

  @Test
  void mapped_pages_that_nobody_waits_for_are_uploaded_by_the_next_server() throws Exception {
    mount.oss().put("f", new byte[100_000]);
    int held = hold(Operation.PUT_OBJECT);
    // Not with Python's mmap: that has a descriptor of its own, whose close waits for the upload.
    String map =
        """
        import ctypes, mmap, os
        map = ctypes.CDLL(None).mmap
        map.restype = ctypes.c_void_p
        map.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + 3 * [ctypes.c_int] + [ctypes.c_long]
        d = os.open('f', os.O_RDWR)
        m = map(None, 100000, mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_SHARED, d, 0)
        os.close(d)
        ctypes.memset(m, ord('x'), 100000)
        """;
    ends(program("python3", "-c", map));
    awaitHit(held);
    String next = mount.start();
    mount.kill();
    release(held);
    mount.handOver(next);
    byte[] expected = new byte[100_000];
    Arrays.fill(expected, (byte) 'x');
    assertThat(Files.readAllBytes(path("f"))).isEqualTo(expected);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(mount.oss().get("f")).isEqualTo(expected));
  }

  @Test
  void an_empty_file_whose_upload_was_under_way_is_uploaded_by_the_next_server() throws Exception {
    int held = hold(Operation.PUT_OBJECT);
    ends(program("touch", "empty"));
    awaitHit(held);
    String next = mount.start();
    mount.kill();
    release(held);
    mount.handOver(next);
    assertThat(path("empty")).isEmptyFile();
    await().atMost(Duration.ofSeconds(30)).until(() -> isThere("empty"));
  }

  @Test
  void an_open_file_without_a_name_goes_on_and_is_never_uploaded() throws Exception {
    byte[] all = bytes(300_000);
    mount.oss().put("old", Arrays.copyOf(all, 200_000));
    try (FileChannel file = FileChannel.open(path("new"), CREATE, READ, WRITE);
        FileChannel old = FileChannel.open(path("old"), READ, WRITE)) {
      write(file, 0, all, 0, 100_000);
      write(old, 150_000, all, 150_000, 200_000);
      Files.delete(path("new"));
      Files.delete(path("old"));
      mount.replaceKilled();
      write(file, 100_000, all, 100_000, all.length);
      write(old, 200_000, all, 200_000, all.length);
      file.force(true);
      mount.replaceKilled();
      assertThat(read(file)).isEqualTo(all);
      assertThat(read(old)).isEqualTo(all);
    }
    assertThat(mount.target()).isEmptyDirectory();
    assertThat(isThere("new") || isThere("old")).isFalse();
  }

  @Test
  void a_file_that_is_renamed_while_it_is_written_goes_on_under_its_new_name() throws Exception {
    byte[] all = bytes(300_000);
    try (FileChannel file = FileChannel.open(path("before"), CREATE_NEW, READ, WRITE)) {
      write(file, 0, all, 0, 100_000);
      Files.move(path("before"), path("after"));
      write(file, 100_000, all, 100_000, 200_000);
      mount.replaceKilled();
      write(file, 200_000, all, 200_000, all.length);
      Files.move(path("after"), path("last"));
    }
    assertThat(mount.oss().get("last")).isEqualTo(all);
    assertThat(isThere("before") || isThere("after")).isFalse();
  }

  @Test
  void a_server_that_is_asked_to_end_leaves_what_was_written_to_the_next_one() throws Exception {
    byte[] all = bytes(300_000);
    mount.oss().put("over", bytes(250_000));
    try (FileChannel file = FileChannel.open(path("new"), CREATE_NEW, READ, WRITE);
        FileChannel over = FileChannel.open(path("over"), READ, WRITE)) {
      write(file, 0, all, 0, 100_000);
      write(over, 0, all, 0, 250_000);
      mount.replaceEnded();
      // One that has only just begun to serve.
      mount.replaceEnded();
      assertThat(isThere("new")).isFalse();
      write(file, 100_000, all, 100_000, all.length);
      write(over, 250_000, all, 250_000, all.length);
    }
    assertThat(mount.oss().get("new")).isEqualTo(all);
    assertThat(mount.oss().get("over")).isEqualTo(all);
    assertThat(mount.said()).doesNotContain("Writes that did not reach OSS");
  }
}
