package io.ossmount.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.store.oss.EmulatedOss;
import io.ossmount.cache.store.oss.OssObjectStore;
import io.ossmount.cache.store.oss.Unset;
import io.ossmount.emulator.api.Operation;
import io.ossmount.emulator.fault.Effect;
import io.ossmount.emulator.fault.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A program's change that the cache process has begun when it is killed with SIGKILL: OSS holds
 * back one of its requests, or has done it and not said so. The program sees success, and the
 * bucket is as the program wanted it. Needs root and /dev/fuse.
 */
@Timeout(180)
class KilledChangeIT {
  private static final int MANY = 50;
  private static final Duration EVER = Duration.ofMinutes(10);

  @TempDir Path data;
  private EmulatedOss oss = Unset.value();
  private Successors servers = Unset.value();

  @BeforeEach
  void serve() throws Exception {
    oss = new EmulatedOss(Files.createDirectory(data.resolve("bucket")));
    oss.put("dir/file", "file".getBytes(UTF_8));
    oss.put("dir/empty/", new byte[0]);
    for (int i = 0; i < MANY; i++) {
      oss.put(many("dir/many/", i), ("file " + i).getBytes(UTF_8));
    }
    servers = new Successors(oss, data);
  }

  @AfterEach
  void end() throws Exception {
    servers.close();
    oss.close();
  }

  private static String many(String directory, int i) {
    return directory + "file-%02d".formatted(i);
  }

  /**
   * A change.
   *
   * @param command of a shell in the mounted directory
   * @param held the request to OSS that is under way when the process is killed
   * @param key of it, as a pattern
   * @param nth which one of those
   * @param isDone whether OSS does it before the process is killed
   * @param gone keys that are not there any more
   * @param made keys that are there
   */
  record Change(
      String command,
      Operation held,
      String key,
      int nth,
      boolean isDone,
      List<String> gone,
      List<String> made) {
    @Override
    public String toString() {
      return command + (isDone ? ", after " : ", before ") + held;
    }
  }

  private static Stream<Change> both(
      String command, Operation held, String key, List<String> gone, List<String> made) {
    return Stream.of(false, true)
        .map(isDone -> new Change(command, held, key, 1, isDone, gone, made));
  }

  static Stream<Change> changes() {
    List<String> none = List.of();
    List<String> from = IntStream.range(0, MANY).mapToObj(i -> many("dir/many/", i)).toList();
    List<String> to = IntStream.range(0, MANY).mapToObj(i -> many("dir/moved/", i)).toList();
    String rename = "mv -T dir/many dir/moved";
    List<Stream<Change>> all = new ArrayList<>();
    all.add(both("mkdir dir/new", Operation.PUT_OBJECT, "dir/new/", none, List.of("dir/new/")));
    all.add(
        both(
            "rmdir dir/empty", Operation.DELETE_OBJECT, "dir/empty/", List.of("dir/empty/"), none));
    all.add(
        both("unlink dir/file", Operation.DELETE_OBJECT, "dir/file", List.of("dir/file"), none));
    all.add(
        both(
            "ln -s file dir/link",
            Operation.COMPLETE_MULTIPART_UPLOAD,
            "dir/link",
            none,
            List.of("dir/link")));
    all.add(
        both(
            "mv -T dir/file dir/moved",
            Operation.COPY_OBJECT,
            "dir/moved",
            List.of("dir/file"),
            List.of("dir/moved")));
    all.add(
        both(
            "mv -T dir/file dir/moved",
            Operation.DELETE_OBJECT,
            "dir/file",
            List.of("dir/file"),
            List.of("dir/moved")));
    all.add(both(rename, Operation.COPY_OBJECT, "dir/moved/file-17", from, to));
    all.add(
        Stream.of(
            new Change(rename, Operation.DELETE_MULTIPLE_OBJECTS, "*", 1, false, from, to),
            new Change(rename, Operation.DELETE_MULTIPLE_OBJECTS, "*", 1, true, from, to),
            new Change(
                "set -C; echo text >dir/created",
                Operation.HEAD_OBJECT,
                "dir/created",
                2,
                false,
                none,
                List.of("dir/created")),
            new Change(
                "chmod 600 dir/file", Operation.HEAD_OBJECT, "dir/file", 1, false, none, none),
            new Change(
                "test \"$(cat dir/file)\" = file",
                Operation.GET_OBJECT,
                "dir/file",
                1,
                false,
                none,
                List.of("dir/file"))));
    return all.stream().flatMap(each -> each);
  }

  @ParameterizedTest
  @MethodSource("changes")
  void is_made_by_the_next_process(Change change) throws Exception {
    hold(change);
    Path log = data.resolve("program.log");
    Process program =
        new ProcessBuilder("sh", "-c", change.command)
            .directory(servers.target().toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int requests = change.nth + (change.isDone ? 1 : 0);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !program.isAlive() || asked(change) >= requests);
    assertThat(program.isAlive()).as(Files.readString(log)).isTrue();

    servers.replace();

    assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(log).isEmptyFile();
    assertThat(program.exitValue()).isZero();
    try (OssObjectStore store = oss.store()) {
      change.gone.forEach(key -> assertThat(store.head(key)).as(key).isEmpty());
      for (String key : change.made) {
        await().atMost(Duration.ofSeconds(30)).until(() -> store.head(key).isPresent());
      }
    }
    assertThat(servers.openHandlesAtLast()).isZero();
  }

  /** Holds back the request, or what the process asks again when it had no answer. */
  private void hold(Change change) {
    if (change.isDone) {
      oss.emulator()
          .faults()
          .add(fault(change).from(change.nth).times(1).gives(new Effect.Reset(true)));
    }
    int held = change.nth + (change.isDone ? 1 : 0);
    oss.emulator().faults().add(fault(change).from(held).times(1).gives(new Effect.Delay(EVER)));
  }

  private static Fault.Builder fault(Change change) {
    return change.key.equals("*") ? Fault.on(change.held) : Fault.on(change.held).key(change.key);
  }

  private long asked(Change change) {
    return oss.emulator().requests().of(change.held).stream()
        .filter(each -> change.key.equals("*") || each.key().equals(change.key))
        .count();
  }

  @Test
  void a_file_is_opened_although_each_try_to_open_it_is_under_way_when_a_process_is_killed()
      throws Exception {
    oss.emulator()
        .faults()
        .add(Fault.on(Operation.GET_OBJECT).key("dir/file").times(3).gives(new Effect.Delay(EVER)));
    Process program =
        new ProcessBuilder("sh", "-c", "test \"$(cat dir/file)\" = file")
            .directory(servers.target().toFile())
            .start();
    for (int times = 1; times <= 3; times++) {
      int asked = times;
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() ->
              oss.emulator().requests().of(Operation.GET_OBJECT).stream()
                      .filter(each -> each.key().equals("dir/file"))
                      .count()
                  >= asked);
      servers.replace();
    }
    assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(program.exitValue()).isZero();
  }
}
