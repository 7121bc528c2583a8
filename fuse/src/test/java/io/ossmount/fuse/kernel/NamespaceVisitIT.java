package io.ossmount.fuse.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ossmount.fuse.kernel.MountAttributes.Attribute;
import io.ossmount.fuse.kernel.MountAttributes.Propagation;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Changes mounts in the namespace of a process that this test starts. Needs root. */
@Timeout(60)
final class NamespaceVisitIT {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final MountAttributes READ_ONLY =
      new MountAttributes(
          Set.of(
              Attribute.READ_ONLY,
              Attribute.NO_SUID,
              Attribute.NO_DEVICES,
              Attribute.NO_EXEC,
              Attribute.NO_ACCESS_TIMES),
          Propagation.PRIVATE);

  @TempDir Path directory;
  private Path target;
  private Path next;
  private Process process;

  @BeforeEach
  void a_process_with_a_mount_that_only_it_has() throws Exception {
    target = Files.createDirectory(directory.resolve("tar get"));
    next = Files.createDirectory(directory.resolve("next"));
    Files.createDirectory(next.resolve("part"));
    Files.writeString(next.resolve("part/file"), "new");
    Files.createSymbolicLink(next.resolve("link"), Path.of("/etc"));
    process =
        new ProcessBuilder(
                "unshare",
                "-m",
                "--propagation",
                "private",
                "sh",
                "-c",
                "mount -t tmpfs first '%s' && mount -t tmpfs second '%s' && exec sleep 100"
                    .formatted(target, target))
            .inheritIO()
            .start();
    await().until(() -> mounts().size() == 2);
  }

  @AfterEach
  void it_ends() throws Exception {
    process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    assertThat(MountTable.read().stack(target.toString())).isEmpty();
    await().until(() -> NamespaceVisit.placesLeft() == 16);
  }

  @Test
  void what_lies_there_is_replaced_with_a_part_of_another_mount() throws Exception {
    String here = NamespaceVisit.nameOf(Path.of("/proc/self"));
    try (NamespaceVisit visit = visit();
        DetachedMount tree = DetachedMount.of(next, "part")) {
      assertThat(visit.namespace()).isNotEqualTo(here);
      assertThat(visit.mounts().stack(target.toString())).hasSize(2);
      tree.set(READ_ONLY);

      assertThat(visit.change(List.of(new MountChange(target.toString(), 2, tree))))
          .containsOnlyNulls();
    }

    assertThat(mounts())
        .singleElement()
        .satisfies(mount -> {
          assertThat(mount.root()).endsWith("/next/part");
          assertThat(MountAttributes.of(mount)).isEqualTo(READ_ONLY);
        });
    assertThat(run("cat '" + target + "/file'")).isEqualTo("new");
    assertThat(run("touch '" + target + "/other'")).contains("Read-only file system");
    assertThat(target).isEmptyDirectory();
    assertThat(NamespaceVisit.nameOf(Path.of("/proc/thread-self"))).isEqualTo(here);
  }

  @Test
  void a_kernel_that_can_neither_put_it_beneath_nor_set_it_unseen_comes_to_the_same()
      throws Exception {
    try (NamespaceVisit visit = visit();
        DetachedMount tree = DetachedMount.of(next, "part")) {
      tree.setLater(READ_ONLY);

      assertThat(visit.change(List.of(new MountChange(target.toString(), 2, tree)), false))
          .containsOnlyNulls();
    }

    assertThat(mounts())
        .singleElement()
        .satisfies(mount -> assertThat(MountAttributes.of(mount)).isEqualTo(READ_ONLY));
    assertThat(run("cat '" + target + "/file'")).isEqualTo("new");
  }

  @Test
  void what_was_put_beneath_is_uncovered() throws Exception {
    try (NamespaceVisit visit = visit();
        DetachedMount tree = DetachedMount.of(next)) {
      assertThat(visit.change(List.of(new MountChange(target.toString(), 1, null))))
          .containsOnlyNulls();
      assertThat(mounts()).extracting(MountEntry::source).containsExactly("first");
      tree.set(READ_ONLY);

      assertThat(visit.change(List.of(new MountChange(target.toString(), 1, tree))))
          .containsOnlyNulls();
    }
    assertThat(run("cat '" + target + "/part/file'")).isEqualTo("new");
  }

  @Test
  void a_failure_leaves_what_was_there_and_the_other_changes_are_made() throws Exception {
    try (NamespaceVisit visit = visit();
        DetachedMount file = DetachedMount.of(next, "part/file");
        DetachedMount tree = DetachedMount.of(next)) {
      var results =
          visit.change(
              List.of(
                  new MountChange(target + "/nowhere", 1, tree),
                  new MountChange(target.toString(), 1, file),
                  new MountChange(target.toString(), 2, tree)));

      assertThat(results.get(0)).hasMessageContaining("No such file");
      assertThat(results.get(1).errno()).isIn(Errors.EINVAL, Errors.ENOTDIR);
      assertThat(results.get(2)).isNull();
    }
    assertThat(mounts()).hasSize(1);
  }

  @Test
  void the_way_to_a_mount_point_follows_no_link() throws Exception {
    Path link = directory.resolve("link");
    Files.createSymbolicLink(link, directory);
    try (NamespaceVisit visit = visit();
        DetachedMount tree = DetachedMount.of(next)) {
      var results =
          visit.change(
              List.of(
                  new MountChange(link + "/tar get", 1, null),
                  new MountChange(link + "/tar get", 2, tree)));

      assertThat(results)
          .allSatisfy(result ->
              assertThat(result)
                  .isInstanceOfSatisfying(
                      SystemCallException.class,
                      e -> assertThat(e.errno()).isEqualTo(Errors.ELOOP)));
    }
    assertThat(mounts()).hasSize(2);
  }

  @Test
  void a_change_here_leaves_this_process_where_it_is() throws Exception {
    Path before = Files.readSymbolicLink(Path.of("/proc/self/cwd"));
    Path here = Files.createDirectory(directory.resolve("here"));
    try (NamespaceVisit visit = NamespaceVisit.here(PATIENCE);
        DetachedMount old = DetachedMount.of(next);
        DetachedMount tree = DetachedMount.of(next, "part")) {
      old.attach(here);

      assertThat(visit.change(List.of(new MountChange(here.toString(), 1, tree))))
          .containsOnlyNulls();

      assertThat(here.resolve("file")).hasContent("new");
      assertThat(MountTable.read().stack(here.toString())).hasSize(1);
      assertThat(Files.readSymbolicLink(Path.of("/proc/self/cwd"))).isEqualTo(before);
    } finally {
      BindMount.unmount(here);
    }
  }

  @Test
  void a_part_is_looked_for_inside_only() throws Exception {
    for (String outside : List.of("link/passwd", "link", "../next", "part/../../next")) {
      assertThatThrownBy(() -> DetachedMount.of(next, "/" + outside).close())
          .isInstanceOf(SystemCallException.class);
    }
    assertThatThrownBy(() -> DetachedMount.of(next, "/none").close())
        .isInstanceOfSatisfying(
            SystemCallException.class, e -> assertThat(e.errno()).isEqualTo(Errors.ENOENT));
    DetachedMount.of(next, "//part/file").close();
  }

  @Test
  void a_process_that_has_ended_is_not_visited() throws Exception {
    process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

    assertThatThrownBy(this::visit).isInstanceOf(IOException.class);
  }

  @Test
  void a_visit_that_is_given_up_on_the_way_ends_when_it_gets_there() {
    var givenUp = new CountDownLatch(1);
    try {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() ->
                NamespaceVisit.of((int) process.pid(), Duration.ofMillis(10), startsAfter(givenUp)))
            .hasMessageContaining("does not answer in time");
      }
      assertThat(NamespaceVisit.placesLeft()).isEqualTo(13);
    } finally {
      givenUp.countDown();
    }

    await().until(() -> NamespaceVisit.placesLeft() == 16);
  }

  @Test
  void visits_have_a_bound_and_give_their_places_back() throws Exception {
    List<NamespaceVisit> visits = new ArrayList<>();
    try {
      for (int i = 0; i < 16; i++) {
        visits.add(visit());
      }
      assertThatThrownBy(this::visit).hasMessageContaining("under way");
    } finally {
      visits.forEach(NamespaceVisit::close);
    }
    await().until(() -> NamespaceVisit.placesLeft() == 16);
    visit().close();
  }

  @Test
  void a_bind_in_one_step_and_one_in_two_are_the_same() throws Exception {
    Path first = Files.createDirectory(directory.resolve("first"));
    Path second = Files.createDirectory(directory.resolve("second"));
    var options = new BindMount.Options(true, false, false);
    try {
      BindMount.bind(next, first, options);
      BindMount.bindInTwoSteps(next, second, options);

      MountTable table = MountTable.read();
      assertThat(MountAttributes.of(table.at(first).orElseThrow()))
          .isEqualTo(MountAttributes.of(table.at(second).orElseThrow()));
      assertThat(table.at(first).orElseThrow().options())
          .contains("ro", "nosuid", "nodev", "noexec", "noatime");
    } finally {
      BindMount.unmount(first);
      BindMount.unmount(second);
    }
  }

  @Test
  void attributes_are_set_as_they_are_read() throws Exception {
    for (Attribute accessTimes :
        List.of(Attribute.RELATIVE_ACCESS_TIMES, Attribute.NO_ACCESS_TIMES)) {
      var attributes = new MountAttributes(Set.of(accessTimes), Propagation.SHARED);
      try (DetachedMount tree = DetachedMount.of(next)) {
        tree.set(attributes);
        tree.attach(next);
        assertThat(MountAttributes.of(MountTable.read().at(next).orElseThrow()))
            .isEqualTo(attributes);
      } finally {
        BindMount.unmount(next);
      }
    }
    try (Arena arena = Arena.ofConfined()) {
      assertThat(READ_ONLY.struct(arena).byteSize()).isEqualTo(32);
    }
  }

  private static ThreadFactory startsAfter(CountDownLatch latch) {
    return visit ->
        Thread.ofPlatform()
            .daemon()
            .unstarted(() -> {
              try {
                latch.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              visit.run();
            });
  }

  private NamespaceVisit visit() throws IOException {
    return NamespaceVisit.of((int) process.pid(), PATIENCE);
  }

  private List<MountEntry> mounts() throws IOException {
    return MountTable.read(Path.of("/proc/" + process.pid() + "/mountinfo"))
        .stack(target.toString());
  }

  private String run(String command) throws Exception {
    var shell =
        new ProcessBuilder("nsenter", "-t", Long.toString(process.pid()), "-m", "sh", "-c", command)
            .redirectErrorStream(true)
            .start();
    return new String(shell.getInputStream().readAllBytes(), UTF_8).strip();
  }
}
