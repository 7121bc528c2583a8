package io.ossmount.csi.fdstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.SessionState;
import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.FuseDevice;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.fuse.kernel.SystemCallException;
import io.ossmount.fuse.server.FuseServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which files of a cache pod the kernel is told of, on a real session. Needs root, /dev/fuse, Linux
 * 6.9 and a temporary directory on a disk's own file system.
 */
@Timeout(30)
final class BackingOpenerIT {
  private static final int POD_USER = 65532;

  @TempDir Path directory;
  private final FdStore store = new FdStore();
  private final FakePod pod = new FakePod(store, "u-1", 1);
  private final AtomicReference<SessionState> state = new AtomicReference<>();
  private FuseServer server;
  private Path target;
  private BackingOpener opener;
  private Descriptors kept;

  @BeforeEach
  void aServedSession() throws IOException {
    server = FuseServer.start(FuseServer.Options.defaults());
    target = Files.createDirectory(directory.resolve("mnt"));
    Descriptor fuse = FuseMount.mount(target, FuseMount.Options.of("test"));
    Descriptor memory = SessionMemory.create();
    kept = new Descriptors(fuse.duplicate(), memory.duplicate());
    var _ =
        server.serve(
            "s-1",
            fuse,
            memory,
            given -> {
              state.set(given);
              return new FileSystem() {};
            });
    pod.connect();
    var _ = store.add(info(), "0:1", kept);
    store.serving(pod, "s-1");
    opener = new BackingOpener(store, pod, directory, POD_USER);
    await().until(() -> state.get().backing().isPossible());
  }

  @AfterEach
  void unmount() throws IOException {
    store.close();
    server.close();
    FuseMount.abort(target);
  }

  private static SessionInfo info() {
    return FdStoreIT.info("s-1", "u-1");
  }

  private Path file(String name) throws IOException {
    Path file = Files.writeString(directory.resolve(name), "cached");
    Files.setAttribute(file, "unix:uid", POD_USER);
    return file;
  }

  private int open(Path file) throws IOException {
    try (Descriptor opened = Descriptor.openToRead(file)) {
      return opener.open("s-1", opened);
    }
  }

  private void assertRefused(Path file) {
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not a cache file of the pod");
  }

  @Test
  void a_file_of_the_pod_gets_an_id_that_can_be_taken_back() throws IOException {
    int id = open(file("data"));
    assertThat(id).isPositive();
    assertThat(store.counts().backingIds()).isOne();
    opener.close("s-1", id);
    assertThat(store.counts().backingIds()).isZero();
    assertThatThrownBy(() -> opener.close("s-1", id)).isInstanceOf(IOException.class);
  }

  @Test
  void a_file_of_another_user_is_refused() throws IOException {
    assertRefused(Files.writeString(directory.resolve("roots"), "secret"));
  }

  @Test
  void a_file_with_another_name_is_refused() throws IOException {
    Path file = file("data");
    Files.createLink(directory.resolve("link"), file);
    assertRefused(file);
  }

  @Test
  void what_is_not_a_regular_file_is_refused() throws IOException {
    Path other = Files.createDirectory(directory.resolve("d"));
    Files.setAttribute(other, "unix:uid", POD_USER);
    assertRefused(other);
  }

  @Test
  void a_file_on_another_file_system_is_refused() throws IOException {
    Path other = Files.createTempFile(Path.of("/dev/shm"), "ossmount", "");
    try {
      Files.setAttribute(other, "unix:uid", POD_USER);
      assertRefused(other);
    } finally {
      Files.delete(other);
    }
  }

  @Test
  void the_next_pod_goes_on_with_the_last_ones_files_and_the_last_one_cannot() throws IOException {
    int id = open(file("data"));
    int unused = open(file("other"));
    pod.die();
    var next = new FakePod(store, "u-1", 2);
    next.connect();
    store.serving(next, "s-1");

    assertThat(next.backingIds()).containsExactly(id, unused);
    assertThatThrownBy(() -> opener.close("s-1", id)).hasMessageContaining("does not serve");
    var opener2 = new BackingOpener(store, next, directory, POD_USER);
    opener2.close("s-1", unused);
    assertUnknownToTheKernel(unused);
    opener2.close("s-1", id);
    assertUnknownToTheKernel(id);
  }

  @Test
  void ids_of_a_pod_that_connects_again_are_known_and_those_that_it_does_not_know_go()
      throws IOException {
    int id = open(file("data"));
    int lost = open(file("other"));
    pod.disconnect();
    var again = pod.again();

    again.connect("s-1", duplicates(), List.of(id));

    assertUnknownToTheKernel(lost);
    new BackingOpener(store, again, directory, POD_USER).close("s-1", id);
    assertUnknownToTheKernel(id);
  }

  @Test
  void a_restarted_plugin_is_told_the_ids_and_closes_them_when_asked_or_at_the_end()
      throws IOException {
    int id = open(file("data"));
    int other = open(file("other"));
    Descriptors handed = duplicates();
    Descriptors again = duplicates();
    store.close();
    try (FdStore restarted = new FdStore((devices, _) -> devices, System::nanoTime)) {
      var session = restarted.adopt(info(), "0:1");
      var same = new FakePod(restarted, "u-1", 1);
      same.connect("s-1", handed, List.of(id, other));

      new BackingOpener(restarted, same, directory, POD_USER).close("s-1", id);
      assertUnknownToTheKernel(again, id);
      restarted.remove(session);
      assertUnknownToTheKernel(again, other);
    } finally {
      again.close();
    }
  }

  private Descriptors duplicates() throws IOException {
    return new Descriptors(kept.fuse().duplicate(), kept.memory().duplicate());
  }

  private void assertUnknownToTheKernel(int id) {
    assertUnknownToTheKernel(kept, id);
  }

  private static void assertUnknownToTheKernel(Descriptors session, int id) {
    assertThatThrownBy(() -> FuseDevice.closeBacking(session.fuse(), id))
        .isInstanceOf(SystemCallException.class);
  }

  @Test
  void a_pod_that_does_not_serve_the_session_is_refused() throws IOException {
    var other = new BackingOpener(store, new FakePod(store, "u-1", 2), directory, POD_USER);
    try (Descriptor opened = Descriptor.openToRead(file("data"))) {
      assertThatThrownBy(() -> other.open("s-1", opened))
          .hasMessageContaining("does not serve session s-1");
    }
  }
}
