package io.ossmount.cache.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.cache.fs.MortalServers.Before;
import io.ossmount.cache.fs.MortalServers.Change;
import io.ossmount.cache.fs.MortalServers.Check;
import io.ossmount.cache.store.StoreException;
import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.Caller;
import io.ossmount.fuse.Created;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.OpenFlags;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@link RepeatedChangesIT} of renames. Uses memfds. */
@Timeout(120)
final class RepeatedRenamesIT {
  private static final int MANY = 50;
  private static final int FEW = 3;

  @TempDir Path directory;
  private MortalServers servers;

  @BeforeEach
  void begin() {
    servers = new MortalServers(directory);
  }

  @AfterEach
  void end() {
    servers.close();
  }

  private void keys(String... expected) {
    assertThat(servers.store().keys()).containsExactly(expected);
  }

  private static Before rename(String name, String newName, int flags) {
    return first -> {
      long from = first.lookup(FileSystem.ROOT, "from");
      long to = first.lookup(FileSystem.ROOT, "to");
      assertThat(first.lookup(from, name)).isNotZero();
      return (files, caller) -> Mounted.await(files.rename(caller, from, name, to, newName, flags));
    };
  }

  @Test
  void aFileIsRenamed() throws Exception {
    for (int flags = 0; flags < 2; flags++) {
      servers.succeeds(
          List.of("from/", "from/file", "to/"),
          rename("file", "there", flags),
          (second, _) -> {
            keys("from/", "to/", "to/there");
            assertThat(servers.content("to/there")).isEqualTo("from/file");
            assertThat(second.lookup(second.lookup(FileSystem.ROOT, "from"), "file")).isZero();
          });
    }
  }

  @Test
  void aFileIsRenamedOntoAnother() throws Exception {
    servers.succeeds(
        List.of("from/", "from/file", "to/there"),
        rename("file", "there", 0),
        (_, _) -> {
          keys("from/", "to/there");
          assertThat(servers.content("to/there")).isEqualTo("from/file");
        });
  }

  @Test
  void aFileThatIsOpenIsRenamedAndReadOn() throws Exception {
    List<Long> open = new ArrayList<>();
    servers.succeeds(
        List.of("from/", "from/file", "to/"),
        first -> {
          long from = first.lookup(FileSystem.ROOT, "from");
          long node = first.lookup(from, "file");
          Caller reader = Mounted.CALLER;
          open.clear();
          open.add(node);
          open.add(Mounted.await(first.files().open(reader, node, 0)).handle());
          return rename("file", "there", 0).with(first);
        },
        (second, _) -> {
          assertThat(second.read(open.get(0), open.get(1))).isEqualTo("from/file");
          Mounted.await(second.files().release(open.get(0), open.get(1)));
          assertThat(second.handles()).isEmpty();
        });
  }

  /**
   * A file of the directory {@code from} is open, and written to while no request for its name is
   * handled: by the next server, before that is asked again.
   */
  private static Before written(List<Long> open, String path, Before before) {
    return first -> {
      long node = FileSystem.ROOT;
      for (String name : path.split("/", -1)) {
        node = first.lookup(node, name);
      }
      long file = node;
      long handle =
          Mounted.await(first.files().open(Mounted.CALLER, file, OpenFlags.READ_WRITE)).handle();
      open.clear();
      open.addAll(List.of(file, handle));
      Change change = before.with(first);
      return (files, caller) -> {
        if (files != first.files()) {
          MemorySegment bytes = MemorySegment.ofArray(newer(path).getBytes(UTF_8));
          Mounted.await(files.write(Mounted.CALLER, file, handle, 0, bytes));
        }
        return change.on(files, caller);
      };
    };
  }

  /** As close(2). */
  private static void close(MortalServer server, List<Long> open) {
    Mounted.await(server.files().flush(Mounted.CALLER, open.get(0), open.get(1)));
    Mounted.await(server.files().release(open.get(0), open.get(1)));
  }

  /** As long as the old bytes: the size alone does not tell them apart. */
  private static String newer(String path) {
    return path.toUpperCase(Locale.ROOT);
  }

  @Test
  void whatIsWrittenToAFileBeforeItsRenameGoesOnIsUnderTheNewName() throws Exception {
    List<Long> open = new ArrayList<>();
    servers.succeeds(
        List.of("from/", "from/file", "to/"),
        written(open, "from/file", rename("file", "there", 0)),
        (second, _) -> {
          close(second, open);
          keys("from/", "to/", "to/there");
          assertThat(servers.content("to/there")).isEqualTo(newer("from/file"));
        });
  }

  @Test
  void whatIsWrittenToAFileBeforeTheRenameOfItsDirectoryGoesOnIsThere() throws Exception {
    List<Long> open = new ArrayList<>();
    servers.succeeds(
        List.of("from/", "from/dir/a", "from/dir/b", "to/"),
        written(open, "from/dir/a", rename("dir", "there", 0)),
        (second, _) -> {
          close(second, open);
          keys("from/", "to/", "to/there/a", "to/there/b");
          assertThat(servers.content("to/there/a")).isEqualTo(newer("from/dir/a"));
          assertThat(servers.content("to/there/b")).isEqualTo("from/dir/b");
        });
  }

  /** A file that is made, written to and left open: OSS has never had it. */
  private static Before made(List<Long> open, String name, Before before) {
    return first -> {
      int flags = OpenFlags.READ_WRITE | OpenFlags.CREATE | OpenFlags.EXCLUSIVE;
      long from = first.lookup(FileSystem.ROOT, "from");
      Created made =
          Mounted.await(
              first.files().create(Mounted.CALLER, from, name, Attributes.REGULAR | 0644, flags));
      open.clear();
      open.addAll(List.of(made.entry().node(), made.opened().handle()));
      MemorySegment bytes = MemorySegment.ofArray(newer("from/" + name).getBytes(UTF_8));
      Mounted.await(first.files().write(Mounted.CALLER, open.get(0), open.get(1), 0, bytes));
      return before.with(first);
    };
  }

  @Test
  void aNewFileThatIsRenamedOntoAnotherBeforeItIsClosedIsThere() throws Exception {
    List<Long> open = new ArrayList<>();
    servers.succeeds(
        List.of("from/", "to/there"),
        made(open, "new", rename("new", "there", 0)),
        (second, _) -> {
          close(second, open);
          keys("from/", "to/there");
          assertThat(servers.content("to/there")).isEqualTo(newer("from/new"));
        });
  }

  @Test
  void aNewFileThatIsRenamedBeforeItIsClosedIsThere() throws Exception {
    List<Long> open = new ArrayList<>();
    servers.succeeds(
        List.of("from/", "to/"),
        made(open, "new", rename("new", "there", 0)),
        (second, _) -> {
          close(second, open);
          keys("from/", "to/", "to/there");
          assertThat(servers.content("to/there")).isEqualTo(newer("from/new"));
        });
  }

  @Test
  void aNewFileThatCannotGoUpUnderItsNewNameHasTheOldOneAgain() throws Exception {
    List<Long> open = new ArrayList<>();
    Change change = killedRightAfterTheMove(made(open, "new", rename("new", "there", 0)));
    putsAreRefused();
    MortalServer last = servers.start();
    assertThatThrownBy(() -> change.on(last.files(), servers.caller()))
        .isInstanceOf(FuseException.class);
    servers.store().before((_, _) -> {});
    assertThat(last.lookup(last.lookup(FileSystem.ROOT, "from"), "new")).isEqualTo(open.get(0));
    close(last, open);
    keys("from/", "from/new", "to/there");
    assertThat(servers.content("from/new")).isEqualTo(newer("from/new"));
    assertThat(servers.content("to/there")).isEqualTo("to/there");
  }

  private Change killedRightAfterTheMove(Before before) throws IOException {
    for (int number = 0; ; number++) {
      servers.begin(List.of("from/", "to/there"));
      MortalServer first = servers.start();
      Change change = before.with(first);
      boolean isKilled = servers.killAt(number, () -> change.on(first.files(), servers.caller()));
      assertThat(isKilled).isTrue();
      if (RenameNote.in(servers.caller().attempt()).filter(RenameNote::isMoved).isPresent()) {
        return change;
      }
    }
  }

  @Test
  void aFileWhoseCloseFailedIsRenamedOntoAnother() throws Exception {
    List<Long> open = new ArrayList<>();
    servers.succeedsAfter(
        List.of("from/", "to/there"),
        made(
            open,
            "new",
            first -> {
              putsAreRefused();
              assertThatThrownBy(() -> close(first, open)).isInstanceOf(FuseException.class);
              servers.store().before((_, _) -> {});
              return rename("new", "there", 0).with(first);
            }),
        (second, _) -> {
          Mounted.await(second.files().release(open.get(0), open.get(1)));
          Awaitility.await().untilAsserted(() -> keys("from/", "to/there"));
          assertThat(servers.content("to/there")).isEqualTo(newer("from/new"));
        });
  }

  private void putsAreRefused() {
    servers
        .store()
        .before((call, _) -> {
          if (call.equals("put")) {
            throw new StoreException.Unavailable("busy");
          }
        });
  }

  @Test
  void aPromisedFileThatIsRenamedOntoAnotherIsNoConflict() throws Exception {
    servers.close();
    servers = new MortalServers(directory, AsyncWritingTest.ASYNC);
    List<Long> open = new ArrayList<>();
    servers.succeedsAfter(
        List.of("from/", "to/there"),
        made(
            open,
            "new",
            first -> {
              Mounted.await(first.files().flush(Mounted.CALLER, open.get(0), open.get(1)));
              return rename("new", "there", 0).with(first);
            }),
        (second, _) -> {
          Mounted.await(second.files().release(open.get(0), open.get(1)));
          Awaitility.await()
              .untilAsserted(
                  () -> assertThat(servers.content("to/there")).isEqualTo(newer("from/new")));
          Awaitility.await().untilAsserted(() -> keys("from/", "to/there"));
        });
  }

  private interface Way {
    void succeeds(List<String> keys, Before before, Check check) throws IOException;
  }

  private static List<String> files(String directory, int count) {
    List<String> keys = new ArrayList<>();
    keys.add(directory);
    for (int i = 0; i < count; i++) {
      keys.add(directory + "file-%02d".formatted(i));
    }
    return keys;
  }

  private void directoryIsRenamed(int count, Way way) throws IOException {
    for (int flags = 0; flags < 2; flags++) {
      List<String> keys = new ArrayList<>(List.of("from/", "from/other"));
      keys.addAll(1, files("from/dir/", count));
      keys.add("to/other");
      List<String> expected = new ArrayList<>(List.of("from/", "from/other"));
      expected.addAll(files("to/there/", count));
      expected.addAll(List.of("to/other"));
      expected.sort(null);
      way.succeeds(
          keys,
          rename("dir", "there", flags),
          (second, _) -> {
            assertThat(servers.store().keys()).containsExactlyElementsOf(expected);
            assertThat(servers.content("to/there/file-01")).isEqualTo("from/dir/file-01");
            assertThat(second.lookup(second.lookup(FileSystem.ROOT, "from"), "dir")).isZero();
          });
    }
  }

  @Test
  void aDirectoryOfManyFilesIsRenamed() throws Exception {
    directoryIsRenamed(MANY, servers::succeedsAfter);
  }

  @Test
  void aDirectoryIsRenamedWhileRequestsOfTheKilledServerArrive() throws Exception {
    directoryIsRenamed(FEW, servers::succeedsMeanwhile);
  }

  @Test
  void aFileThatIsOpenMovesWithItsDirectory() throws Exception {
    List<Long> open = new ArrayList<>();
    servers.succeeds(
        List.of("from/", "from/dir/a", "from/dir/b", "to/"),
        first -> {
          long dir = first.lookup(first.lookup(FileSystem.ROOT, "from"), "dir");
          long node = first.lookup(dir, "a");
          open.clear();
          open.add(node);
          open.add(Mounted.await(first.files().open(Mounted.CALLER, node, 0)).handle());
          return rename("dir", "there", 0).with(first);
        },
        (second, _) -> {
          keys("from/", "to/", "to/there/a", "to/there/b");
          assertThat(second.read(open.get(0), open.get(1))).isEqualTo("from/dir/a");
        });
  }

  @Test
  void whatCannotBeIsRefusedByTheNextServerAsWell() throws Exception {
    servers.fails(Errno.EEXIST, List.of("from/file", "to/there"), rename("file", "there", 1));
    servers.fails(Errno.ENOTEMPTY, List.of("from/dir/a", "to/there/b"), rename("dir", "there", 0));
  }
}
