package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.Created;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.OpenFlags;
import io.ossmount.fuse.SessionRecords;
import io.ossmount.fuse.SetAttributes;
import io.ossmount.proto.records.v1.NodeRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each change, by a server that comes to an end before any of the requests that it sends to OSS, or
 * after the last one and before it has answered: the next server, which has the session's records
 * and what was noted, does it again. Uses memfds.
 */
@Timeout(120)
final class RepeatedChangesIT {
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

  @Test
  void aDirectoryIsMade() throws Exception {
    servers.succeeds(
        List.of("dir/file"),
        first -> {
          long dir = first.lookup(FileSystem.ROOT, "dir");
          return (files, caller) -> Mounted.await(files.mkdir(caller, dir, "new", 0755));
        },
        (second, _) -> {
          keys("dir/file", "dir/new/");
          assertThat(second.lookup(second.lookup(FileSystem.ROOT, "dir"), "new")).isNotZero();
        });
  }

  @Test
  void aLinkIsMade() throws Exception {
    servers.succeeds(
        List.of("dir/file"),
        first -> {
          long dir = first.lookup(FileSystem.ROOT, "dir");
          return (files, caller) -> Mounted.await(files.symlink(caller, dir, "link", "file"));
        },
        (_, _) -> {
          keys("dir/file", "dir/link");
          assertThat(servers.content("dir/link")).isEqualTo("file");
        });
  }

  @Test
  void aFileIsRemovedAndItsDirectoryStays() throws Exception {
    servers.succeeds(
        List.of("dir/file"),
        first -> {
          long dir = first.lookup(FileSystem.ROOT, "dir");
          return (files, caller) -> Mounted.await(files.unlink(caller, dir, "file"));
        },
        (second, _) -> {
          keys("dir/");
          assertThat(second.lookup(second.lookup(FileSystem.ROOT, "dir"), "file")).isZero();
        });
  }

  @Test
  void aDirectoryIsRemoved() throws Exception {
    servers.succeeds(
        List.of("dir/empty/", "dir/file"),
        first -> {
          long dir = first.lookup(FileSystem.ROOT, "dir");
          assertThat(first.lookup(dir, "empty")).isNotZero();
          return (files, caller) -> Mounted.await(files.rmdir(caller, dir, "empty"));
        },
        (second, _) -> {
          keys("dir/file");
          assertThat(second.lookup(second.lookup(FileSystem.ROOT, "dir"), "empty")).isZero();
        });
  }

  @Test
  void aFileIsMadeThatMustNotBeThere() throws Exception {
    int flags = OpenFlags.READ_WRITE | OpenFlags.CREATE | OpenFlags.EXCLUSIVE;
    servers.succeeds(
        List.of("dir/file"),
        first -> {
          long dir = first.lookup(FileSystem.ROOT, "dir");
          return (files, caller) ->
              Mounted.await(files.create(caller, dir, "new", Attributes.REGULAR | 0644, flags));
        },
        (second, answer) -> {
          var made = (Created) answer;
          Mounted.await(second.files().release(made.entry().node(), made.opened().handle()));
          assertThat(second.handles()).isEmpty();
        });
  }

  private void opens(int flags) throws IOException {
    List<Long> node = new ArrayList<>();
    servers.succeeds(
        List.of("dir/file"),
        first -> {
          long file = first.lookup(first.lookup(FileSystem.ROOT, "dir"), "file");
          // The kernel asks with it; whether another one has it open as well does not matter.
          Mounted.await(first.files().open(Mounted.CALLER, file, 0));
          node.add(0, file);
          return (files, caller) -> Mounted.await(files.open(caller, file, flags));
        },
        (second, answer) -> {
          long handle = ((io.ossmount.fuse.Opened) answer).handle();
          assertThat(second.handles()).hasSize(2);
          Mounted.await(second.files().release(node.getFirst(), handle));
        });
  }

  @Test
  void whoOpensAFileHasOneHandle() throws Exception {
    opens(OpenFlags.READ_ONLY);
    opens(OpenFlags.READ_WRITE);
  }

  @Test
  void whoOpensADirectoryHasOneHandle() throws Exception {
    servers.succeeds(
        List.of("dir/file"),
        first -> {
          long dir = first.lookup(FileSystem.ROOT, "dir");
          return (files, caller) -> Mounted.await(files.opendir(caller, dir));
        },
        (second, answer) -> {
          long handle = ((io.ossmount.fuse.Opened) answer).handle();
          Mounted.await(second.files().releasedir(second.lookup(FileSystem.ROOT, "dir"), handle));
          assertThat(second.handles()).isEmpty();
        });
  }

  @Test
  void theModeOfAFileThatIsNotOpenIsSet() throws Exception {
    var mode =
        new SetAttributes(
            FileSystem.NO_HANDLE,
            OptionalLong.empty(),
            OptionalInt.of(0600),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty());
    boolean isKilled = true;
    for (int number = 0; isKilled; number++) {
      servers.begin(List.of("dir/file"));
      MortalServer first = servers.start();
      long file = first.lookup(first.lookup(FileSystem.ROOT, "dir"), "file");
      var setting = first.files().setattr(servers.caller(), file, mode);
      // What the second server finds is what the first left while the request waited.
      List<Attributes> answers = new ArrayList<>();
      Consumer<SessionFileSystem> again =
          files -> answers.add(Mounted.await(files.setattr(servers.caller(), file, mode)));
      MortalServer second = servers.start();
      isKilled = servers.killAt(number, () -> again.accept(second.files()));
      MortalServer third = servers.start();
      again.accept(third.files());
      assertThat(answers.getLast().mode() & 0777).isEqualTo(0600);
      assertThat(setting).isNotNull();
    }
  }

  @Test
  void aFileWhoseNameWasLookedUpJustNowIsKnownToTheNextServerAndTheOneAfter() throws Exception {
    servers.begin(List.of("dir/file"));
    MortalServer first = servers.start();
    long file = first.lookup(first.lookup(FileSystem.ROOT, "dir"), "file");

    servers.start();
    MortalServer third = servers.start();

    long handle = Mounted.await(third.files().open(Mounted.CALLER, file, 0)).handle();
    assertThat(third.read(file, handle)).isEqualTo("dir/file");
    Mounted.await(third.files().release(file, handle));
    assertThat(third.handles()).isEmpty();
    third.files().forget(file, 1);
    assertThat(fileNodes(third)).isZero();
  }

  private static int fileNodes(MortalServer server) {
    AtomicInteger count = new AtomicInteger();
    server
        .records()
        .forEach((key, _, body) -> {
          if (key.kind() == SessionRecords.Kind.NODE && isFile(body)) {
            count.incrementAndGet();
          }
        });
    return count.get();
  }

  private static boolean isFile(byte[] body) {
    try {
      return NodeRecord.parseFrom(body).hasFile();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void noMoreFilesAreRememberedThanAreLookedUpAtOnce() throws Exception {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      keys.add("dir/file-%03d".formatted(i));
    }
    servers.begin(keys);
    MortalServer first = servers.start();
    long dir = first.lookup(FileSystem.ROOT, "dir");
    for (int i = 0; i < 300; i++) {
      assertThat(first.lookup(dir, "file-%03d".formatted(i))).isNotZero();
    }

    assertThat(fileNodes(first)).isEqualTo(64);
    assertThat(fileNodes(servers.start())).isEqualTo(64);
  }

  @Test
  void whatCannotBeIsRefusedByTheNextServerAsWell() throws Exception {
    servers.fails(
        Errno.EEXIST,
        List.of("dir/file"),
        first -> {
          long dir = first.lookup(FileSystem.ROOT, "dir");
          return (files, caller) -> Mounted.await(files.mkdir(caller, dir, "file", 0755));
        });
    servers.fails(
        Errno.EEXIST,
        List.of("dir/file"),
        first -> {
          long dir = first.lookup(FileSystem.ROOT, "dir");
          return (files, caller) -> Mounted.await(files.symlink(caller, dir, "file", "x"));
        });
    servers.fails(
        Errno.EEXIST,
        List.of("dir/file"),
        first -> {
          long dir = first.lookup(FileSystem.ROOT, "dir");
          int flags = OpenFlags.READ_WRITE | OpenFlags.CREATE | OpenFlags.EXCLUSIVE;
          return (files, caller) ->
              Mounted.await(files.create(caller, dir, "file", Attributes.REGULAR | 0644, flags));
        });
    servers.fails(
        Errno.ENOENT,
        List.of("dir/file"),
        first -> {
          long dir = first.lookup(FileSystem.ROOT, "dir");
          return (files, caller) -> Mounted.await(files.unlink(caller, dir, "none"));
        });
    servers.fails(
        Errno.ENOTEMPTY,
        List.of("dir/sub/file"),
        first -> {
          long dir = first.lookup(FileSystem.ROOT, "dir");
          return (files, caller) -> Mounted.await(files.rmdir(caller, dir, "sub"));
        });
  }
}
