package io.ossmount.cache.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.cache.serve.Processes;
import io.ossmount.cache.serve.SessionsToCome;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import io.ossmount.cache.write.StagingArea;
import io.ossmount.cache.write.Uploader;
import io.ossmount.fuse.Attempt;
import io.ossmount.fuse.BackingFiles;
import io.ossmount.fuse.Caller;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.Notifier;
import io.ossmount.fuse.SessionRecords;
import io.ossmount.fuse.SessionState;
import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.SessionMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Servers of one session, one after the other, of which each comes to an end before any of the
 * requests that it sends to OSS, or after it. Uses memfds.
 */
final class MortalServers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MortalServers.class);

  private final Path directory;
  private final MountOptions options;
  private final List<SessionMemory> memories = new ArrayList<>();
  private InMemoryObjectStore store = new InMemoryObjectStore();
  private @Nullable Descriptor memfd;
  private int epoch;
  private int stagings;
  private volatile int lastKilled;
  private OptionalLong noted = OptionalLong.empty();

  /** Comes before all that a server does which outlives it. */
  private volatile Runnable moment = () -> {};

  /** What a killed server was about to ask of OSS. */
  private final AtomicReference<@Nullable Runnable> sent = new AtomicReference<>();

  /** Whose directories for staging are below {@code directory}. */
  MortalServers(Path directory) {
    this(directory, MountOptions.usual());
  }

  MortalServers(Path directory, MountOptions options) {
    this.directory = directory;
    this.options = options;
  }

  /** As OSS has it. */
  InMemoryObjectStore store() {
    return store;
  }

  /** What OSS has, as text. */
  String content(String key) {
    return new String(store.bytes(key).orElseThrow(), UTF_8);
  }

  /** No failure that anybody could answer: the process is gone. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  /** One request, with the node ids that the kernel has of the first server. */
  interface Change {
    Object on(SessionFileSystem files, Caller caller);
  }

  /** What the kernel knows before: finds it out from the first server. */
  interface Before {
    Change with(MortalServer first);
  }

  /** What has to be so in the end. */
  interface Check {
    void check(MortalServer second, Object answer);
  }

  /** The store, as a server reaches it. */
  private ObjectStore wire() {
    InMemoryObjectStore reached = store;
    InvocationHandler handler =
        (_, method, arguments) -> {
          try {
            return method.invoke(reached, arguments);
          } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Killed) {
              sent.compareAndSet(null, () -> arrive(reached, method, arguments));
            }
            throw e.getCause();
          }
        };
    return (ObjectStore)
        Proxy.newProxyInstance(
            ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, handler);
  }

  private static void arrive(ObjectStore store, Method method, Object[] arguments) {
    try {
      method.invoke(store, arguments);
    } catch (InvocationTargetException e) {
      // Such as a copy of what is not there any more; nobody hears of it.
      LOG.debug("late", e);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  /** The next process, which is given what the one before left. */
  MortalServer start() {
    try {
      ObjectStore store = wire();
      SessionMemory memory = SessionMemory.map(Objects.requireNonNull(memfd).duplicate());
      memories.add(memory);
      int mine = epoch + 1;
      SessionRecords records = new MortalRecords(memory.records(), () -> lastKilled >= mine);
      MountTree tree =
          new MountTree(
              options,
              new MountTree.Parts(
                  store,
                  new HeapBlockCache(store),
                  StagingArea.open(staging(), 1 << 30),
                  new Uploader(store, Mounted.PART_BYTES),
                  Clock.systemUTC(),
                  System::nanoTime));
      if (epoch > 0) {
        tree.recover(new SessionsToCome(Duration.ofMinutes(10)));
      }
      var state = new SessionState(++epoch, epoch > 1, Notifier.NONE, BackingFiles.NONE, records);
      return new MortalServer(
          SessionFileSystem.begin(tree, SessionView.WHOLE, state, Processes.UNKNOWN), records);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What was written lies there for the next server. */
  private Path staging() {
    return directory.resolve("staging" + stagings);
  }

  /** Who asks, of whose request is known what the servers before have noted. */
  Caller caller() {
    OptionalLong before = noted;
    Attempt attempt =
        new Attempt() {
          @Override
          public OptionalLong noted() {
            return before;
          }

          @Override
          public void note(long value) {
            moment.run();
            noted = OptionalLong.of(value);
          }
        };
    return new Caller(1000, 1000, 42, attempt);
  }

  /** Another session, and another bucket: of these keys, each with its name as its bytes. */
  void begin(List<String> keys) throws IOException {
    close();
    store = new InMemoryObjectStore();
    keys.forEach(key -> store.with(key, key.getBytes(UTF_8)));
    memfd = SessionMemory.create();
    stagings++;
    Files.createDirectory(staging());
    noted = OptionalLong.empty();
    epoch = 0;
    lastKilled = 0;
    sent.set(null);
  }

  @Override
  public void close() {
    memories.forEach(SessionMemory::close);
    memories.clear();
    if (memfd != null) {
      memfd.close();
    }
  }

  /**
   * Ends a server before its request {@code number} to OSS, of which each note counts as one;
   * false: it made fewer, and ended.
   */
  boolean killAt(int number, Runnable work) {
    AtomicInteger calls = new AtomicInteger();
    int killed = epoch;
    moment =
        () -> {
          if (calls.getAndIncrement() >= number) {
            lastKilled = killed;
            throw new Killed();
          }
        };
    store.before((_, _) -> moment.run());
    try {
      work.run();
    } catch (Killed e) {
      // The next server goes on.
    } catch (FuseException e) {
      // What the end looks like to who waits for another thread; or the answer that nobody gets.
      LOG.debug("ended", e);
    }
    store.before((_, _) -> {});
    moment = () -> {};
    return calls.get() > number;
  }

  /** A change that a server began. */
  private record Begun(Change change, boolean isKilled) {}

  /** The change by a first server, which ends before its request {@code number}. */
  private Begun begin(List<String> keys, Before before, int number) throws IOException {
    begin(keys);
    MortalServer first = start();
    Change change = before.with(first);
    return new Begun(change, killAt(number, () -> change.on(first.files(), caller())));
  }

  /** As {@link #succeedsAfter}, and as {@link #succeedsMeanwhile}. */
  void succeeds(List<String> keys, Before before, Check check) throws IOException {
    succeedsAfter(keys, before, check);
    succeedsMeanwhile(keys, before, check);
  }

  /** Does the change with an end at each moment; the next server's answer is success. */
  void succeedsAfter(List<String> keys, Before before, Check check) throws IOException {
    boolean isKilled = true;
    for (int number = 0; isKilled; number++) {
      Begun begun = begin(keys, before, number);
      isKilled = begun.isKilled;
      goesOn("killed at " + number, begun.change, check);
      assertThat(number).isLessThan(300);
    }
  }

  /**
   * Does the change with an end when each of its requests was sent, which OSS handles just before
   * each of the next server's.
   */
  void succeedsMeanwhile(List<String> keys, Before before, Check check) throws IOException {
    boolean isKilled = true;
    for (int number = 0; isKilled; number++) {
      boolean isLate = true;
      for (int at = 0; isLate; at++) {
        Begun begun = begin(keys, before, number);
        isKilled = begun.isKilled;
        Runnable late = sent.get();
        AtomicInteger calls = new AtomicInteger();
        int arrives = at;
        store.before((_, _) -> {
          if (calls.getAndIncrement() == arrives && late != null) {
            late.run();
          }
        });
        goesOn("killed at " + number + ", arrived at " + at, begun.change, check);
        isLate = late != null && calls.get() > at;
        assertThat(at).isLessThan(300);
      }
      assertThat(number).isLessThan(300);
    }
  }

  private void goesOn(String when, Change change, Check check) {
    MortalServer second = start();
    Object answer;
    try {
      answer = change.on(second.files(), caller());
    } catch (RuntimeException e) {
      throw new AssertionError(when + ": " + e + " " + store.keys(), e);
    }
    store.before((_, _) -> {});
    try {
      check.check(second, answer);
    } catch (AssertionError e) {
      throw new AssertionError(when, e);
    }
  }

  /** The same of a change that cannot be: not by the next server either. */
  void fails(Errno errno, List<String> keys, Before before) throws IOException {
    boolean isKilled = true;
    for (int number = 0; isKilled; number++) {
      Begun begun = begin(keys, before, number);
      isKilled = begun.isKilled;
      MortalServer second = start();
      assertThatThrownBy(() -> begun.change.on(second.files(), caller()))
          .isInstanceOfSatisfying(FuseException.class, e -> assertThat(e.errno()).isEqualTo(errno));
      assertThat(store.keys()).containsExactlyElementsOf(keys);
    }
  }
}
