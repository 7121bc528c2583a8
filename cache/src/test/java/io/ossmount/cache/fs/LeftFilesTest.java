package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.config.ReadMode;
import io.ossmount.cache.config.WriteMode;
import io.ossmount.cache.serve.SessionsToCome;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import io.ossmount.cache.write.StagedFile;
import io.ossmount.cache.write.StagingArea;
import io.ossmount.cache.write.Uploader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Files of an earlier process while somebody of this one is about to upload them as well. */
final class LeftFilesTest {
  private static final MountOptions ASYNC =
      new MountOptions(
          "",
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          MountOptions.Defaults.USUAL,
          false,
          new Modes(ReadMode.CACHE, WriteMode.ASYNC));

  private final InMemoryObjectStore store = new InMemoryObjectStore();

  private MountTree next(Mounted killed) {
    return new MountTree(
        ASYNC,
        new MountTree.Parts(
            store,
            new HeapBlockCache(store),
            StagingArea.open(killed.staging, 1 << 30),
            new Uploader(store, Mounted.PART_BYTES),
            Clock.systemUTC(),
            System::nanoTime));
  }

  private void takesNothing() {
    store.before((call, key) -> {
      if (call.equals("put")) {
        throw new StoreException.Unavailable("away");
      }
    });
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void oneThatSomebodyUploadsFirstIsNeitherWaitedForForEverNorReplacedByNothing()
      throws InterruptedException {
    Mounted killed = new Mounted(store, ASYNC, 1 << 30);
    takesNothing();
    killed.create("f").write(0, "hello").close();
    await().until(() -> killed.tree.activity().uploads().failed() > 0);
    killed.tree.async().close(Duration.ofSeconds(1));
    store.before((call, key) -> {});

    MountTree next = next(killed);
    Thread recovery = Thread.ofVirtual().unstarted(() -> next.recover(SessionsToCome.NONE));
    try (var _ = next.locks().lock("f")) {
      recovery.start();
      await().until(() -> next.peek("f").isPresent());
      // It gets as far as it can: up to the lock that is taken here.
      await()
          .until(() ->
              recovery.getState() == Thread.State.WAITING
                  || recovery.getState() == Thread.State.TERMINATED);
      next.uploads().flushLocked((FileInode) next.peek("f").orElseThrow());
    }
    recovery.join();
    next.close();
    assertThat(store.bytes("f")).hasValue("hello".getBytes(StandardCharsets.UTF_8));
    assertThat(store.keys()).containsExactly("f");
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void theNextProcessFindsTheLastWriterGoneAlsoWhenTwoWentAtTheSameTime()
      throws InterruptedException {
    try (Mounted mounted = new Mounted(store)) {
      takesNothing();
      for (int i = 0; i < 200; i++) {
        FileInode file = writtenByTwo(mounted, "f" + i);
        Thread one = releasing(mounted, file);
        Thread two = releasing(mounted, file);
        synchronized (file) {
          one.start();
          two.start();
          // Both are about to ask who else is there.
          awaitBlocked(one);
          awaitBlocked(two);
        }
        one.join();
        two.join();
        assertThat(file.staged).isNotNull().matches(StagedFile::isClosed, "is closed");
      }
      store.before((call, key) -> {});
    }
  }

  private static FileInode writtenByTwo(Mounted mounted, String name) {
    Mounted.Open made = mounted.create(name).write(0, "hello");
    FileInode file = (FileInode) mounted.tree.peek(name).orElseThrow();
    mounted.tree.retain(file);
    file.open(mounted.blocks, true);
    file.open(mounted.blocks, true);
    made.release();
    return file;
  }

  private static Thread releasing(Mounted mounted, FileInode file) {
    return Thread.ofPlatform().unstarted(() -> mounted.tree.opens().release(file, true));
  }

  private static void awaitBlocked(Thread thread) {
    while (thread.getState() != Thread.State.BLOCKED) {
      Thread.onSpinWait();
    }
  }
}
