package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.cache.serve.Processes;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.BackingFiles;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.Notifier;
import io.ossmount.fuse.OpenFlags;
import io.ossmount.fuse.SessionState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class SessionsTest {
  private final InMemoryObjectStore store = new InMemoryObjectStore();

  private static SessionView below(String directory, boolean readOnly) {
    return new SessionView(directory, readOnly, OptionalInt.empty(), OptionalInt.empty(), 0, false);
  }

  private static void fails(Errno errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(FuseException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  @Test
  void aSessionOfADirectorySeesNothingAbove() {
    store.with("secret", new byte[1]);
    store.with("a/b/f", "f".getBytes(StandardCharsets.UTF_8));
    try (Mounted mounted = new Mounted(store);
        Mounted sub = mounted.session(below("a/b/", false))) {
      assertThat(sub.list("").keySet()).containsExactly("f");
      assertThat(sub.text("f")).isEqualTo("f");
      assertThat(sub.exists("..")).isFalse();
      assertThat(sub.exists("secret")).isFalse();
      sub.write("new", "new");
      assertThat(mounted.text("a/b/new")).isEqualTo("new");
    }
  }

  @Test
  void theDirectoryOfASessionIsMade() {
    try (Mounted mounted = new Mounted(store);
        Mounted sub = mounted.session(below("made/for/it/", false));
        Mounted none = mounted.session(below("not/made/", true))) {
      assertThat(sub.list("")).isEmpty();
      assertThat(none.list("")).isEmpty();
      assertThat(store.keys()).containsExactly("made/for/it/");
    }
  }

  @Test
  void aReadOnlySessionChangesNothing() {
    store.with("f", new byte[3]);
    try (Mounted mounted = new Mounted(store);
        Mounted reader = mounted.session(below("", true))) {
      assertThat(reader.read("f")).hasSize(3);
      fails(Errno.EROFS, () -> reader.create("new"));
      fails(Errno.EROFS, () -> reader.open("f", OpenFlags.READ_WRITE));
      fails(Errno.EROFS, () -> reader.open("f", OpenFlags.TRUNCATE));
      fails(Errno.EROFS, () -> reader.unlink("f"));
      fails(Errno.EROFS, () -> reader.mkdir("d"));
      fails(Errno.EROFS, () -> reader.rename("f", "g"));
      fails(Errno.EROFS, () -> reader.chmod("f", 0777));
      fails(Errno.EROFS, () -> reader.truncate("f", 0));
      fails(Errno.EROFS, () -> reader.symlink("l", "f"));
      assertThat(store.keys()).containsExactly("f");
    }
  }

  @Test
  void aSessionShowsItsOwnersAndModes() {
    SessionView view =
        new SessionView("", false, OptionalInt.of(11), OptionalInt.of(12), 007, true);
    store.with("f", new byte[3]);
    store.with("d/x", new byte[3]);
    try (Mounted mounted = new Mounted(store);
        Mounted group = mounted.session(view)) {
      group.write("mine", "x");
      assertThat(group.stat("f").mode()).isEqualTo(Attributes.REGULAR | 0660);
      assertThat(group.stat("d").mode()).isEqualTo(Attributes.DIRECTORY | 0770);
      assertThat(group.stat("f").uid()).isEqualTo(11);
      assertThat(group.stat("mine").uid()).isEqualTo(11);
      assertThat(group.stat("mine").gid()).isEqualTo(12);
      assertThat(mounted.stat("f").mode()).isEqualTo(Attributes.REGULAR | 0644);
      assertThat(mounted.stat("mine").uid()).as("who made it").isEqualTo(1000);
    }
  }

  @Test
  void theKernelsOfOtherSessionsAreTold() {
    List<String> told = new ArrayList<>();
    Notifier notifier =
        new Notifier() {
          @Override
          public boolean invalInode(long node) {
            return told.add("inode " + node);
          }

          @Override
          public boolean invalEntry(long parent, String name) {
            return told.add("entry " + name);
          }

          @Override
          public boolean incEpoch() {
            return told.add("epoch");
          }
        };
    try (Mounted mounted = new Mounted(store)) {
      mounted.write("f", "x");
      SessionFileSystem other =
          SessionFileSystem.begin(
              mounted.tree,
              SessionView.WHOLE,
              new SessionState(999, notifier, BackingFiles.NONE),
              Processes.UNKNOWN);
      long node = Mounted.await(other.lookup(Mounted.CALLER, 1, "f")).node();
      mounted.append("f", "y");
      assertThat(told).containsOnly("inode " + node).isNotEmpty();
      told.clear();
      mounted.unlink("f");
      mounted.mkdir("d");
      assertThat(told).containsExactly("epoch", "epoch");
      other.destroy();
    }
  }

  @Test
  void nodeIdsCarryTheEpochOfTheirSession() {
    store.with("f", new byte[3]);
    try (Mounted mounted = new Mounted(store)) {
      SessionFileSystem session =
          SessionFileSystem.begin(
              mounted.tree,
              SessionView.WHOLE,
              new SessionState(77, Notifier.NONE, BackingFiles.NONE),
              Processes.UNKNOWN);
      long node = Mounted.await(session.lookup(Mounted.CALLER, 1, "f")).node();
      assertThat(node >>> SessionState.COUNTER_BITS).isEqualTo(77);
      session.destroy();
    }
  }
}
