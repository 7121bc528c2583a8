package io.ossmount.csi.fdstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.fuse.kernel.UnixConnection;
import io.ossmount.proto.session.v1.Hello;
import io.ossmount.proto.session.v1.PodFrame;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A machine that has no memory for a thread for a while. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class PodListenersIT {
  @TempDir Path directory;

  @Test
  void a_look_that_fails_is_not_the_last_one() {
    var looks = new AtomicLong();
    try (var store = new FdStore((_, _) -> Set.of(), () -> nanos(looks.getAndIncrement()));
        var listeners = new PodListeners(store, 0)) {
      await().atMost(Duration.ofSeconds(20)).until(() -> looks.get() > 3);
      assertThat(listeners).isNotNull();
    }
  }

  /** The first is that of the store's beginning. */
  private static long nanos(long looks) {
    if (looks == 1) {
      throw new OutOfMemoryError("unable to create native thread");
    }
    return System.nanoTime();
  }

  @Test
  void who_comes_when_no_thread_can_be_made_takes_no_place() throws Exception {
    int failures = PodListeners.MOST_CONNECTIONS;
    var attempts = new AtomicInteger();
    var usual = Thread.ofPlatform().daemon().factory();
    ThreadFactory scarce =
        work -> {
          if (attempts.getAndIncrement() < failures) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          return usual.newThread(work);
        };
    try (var store = new FdStore();
        var listeners = new PodListeners(store, 0, Duration.ofSeconds(10), scarce)) {
      var socket = directory.resolve("plugin.sock");
      listeners.listen("u-1", socket);
      for (int i = 0; i < failures; i++) {
        try (var refused = UnixConnection.connect(socket)) {
          assertThat(refused.receive()).as("hangs up").isEmpty();
        }
      }
      try (var connection = UnixConnection.connect(socket)) {
        var hello = PodFrame.newBuilder().setHello(Hello.newBuilder().setPodName("pod"));
        connection.send(hello.build().toByteArray());
        await().until(() -> store.isInUse("u-1"));
      }
    }
  }
}
