package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.OpenFlags;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class MountActivityTest {
  private final InMemoryObjectStore store = new InMemoryObjectStore();

  @Test
  void sessionsAreCountedByWhetherTheirKernelReadsCachedFiles() {
    try (Mounted mounted = new Mounted(store);
        Mounted other = mounted.session(SessionView.WHOLE)) {
      MountActivity activity = mounted.tree.activity();
      assertThat(activity.sessions(Passthrough.NOT_OFFERED)).isEqualTo(2);
      assertThat(activity.sessions(Passthrough.AVAILABLE)).isZero();
      other.session.destroy();
      assertThat(activity.sessions(Passthrough.NOT_OFFERED)).isEqualTo(1);
    }
  }

  @Test
  void opensAreCountedBeyondTheEndOfTheirSession() {
    store.with("f", new byte[10]);
    try (Mounted mounted = new Mounted(store)) {
      MountActivity activity = mounted.tree.activity();
      try (Mounted other = mounted.session(SessionView.WHOLE)) {
        try (Mounted.Open file = other.open("f", OpenFlags.READ_ONLY)) {
          assertThat(file.readAll()).hasSize(10);
          assertThat(activity.openFiles()).isEqualTo(1);
        }
        other.session.destroy();
      }
      assertThat(mounted.read("f")).hasSize(10);
      assertThat(activity.opens()).isEqualTo(new OpenCounts(0, 2));
      assertThat(activity.openFiles()).isZero();
    }
  }

  @Test
  void uploadsAreCountedByWhatBecameOfThem() {
    try (Mounted mounted = new Mounted(store)) {
      MountActivity activity = mounted.tree.activity();
      mounted.write("done", "1");
      assertThat(activity.uploads()).isEqualTo(new UploadCounts(1, 0, 0));

      Mounted.Open replaced = mounted.open("done", OpenFlags.READ_WRITE).write(0, "2");
      assertThat(activity.stagedBytes()).isPositive();
      mounted.pass(Duration.ofSeconds(5));
      store.with("done", "of another".getBytes(StandardCharsets.UTF_8));
      assertThatThrownBy(replaced::flush).isInstanceOf(FuseException.class);
      assertThat(activity.uploads()).isEqualTo(new UploadCounts(1, 1, 0));

      replaced.release();
      await().untilAsserted(() -> assertThat(activity.uploads().setAside()).isEqualTo(1));
    }
  }

  @Test
  void whatCannotBeUploadedAtTheEndIsCounted() {
    Mounted mounted = new Mounted(store);
    MountActivity activity = mounted.tree.activity();
    mounted.create("f").write(0, "1");
    store.before((call, key) -> {
      throw new StoreException.Denied(StoreException.Denied.Reason.WRITE_DENIED, "no");
    });
    mounted.close();
    assertThat(activity.uploads().done()).isZero();
    assertThat(activity.uploads().failed()).isPositive();
    assertThat(activity.uploads().setAside()).isEqualTo(1);
  }
}
