package io.ossmount.cache.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ossmount.cache.serve.Processes;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import io.ossmount.cache.write.StagingArea;
import io.ossmount.cache.write.Uploader;
import io.ossmount.fuse.Attempt;
import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.BackingFiles;
import io.ossmount.fuse.Caller;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.Notifier;
import io.ossmount.fuse.OpenFlags;
import io.ossmount.fuse.SessionRecords;
import io.ossmount.fuse.SessionState;
import io.ossmount.fuse.SetAttributes;
import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.proto.records.v1.NodeRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each change, by a server that comes to an end before any of the requests that it sends to OSS, or
 * after the last one and before it has answered: the next server, which has the session's records
 * and what was noted, does it again. Uses memfds.
 */
@Timeout(120)
final class RepeatedChangesIT {
  private static final Logger LOG = LoggerFactory.getLogger(RepeatedChangesIT.class);
  private static final int MANY = 50;
  private static final int FEW = 3;

  @TempDir Path directory;
  private final List<SessionMemory> memories = new ArrayList<>();
  private InMemoryObjectStore store = new InMemoryObjectStore();
  private @Nullable Descriptor memfd;
  private int epoch;
  private int stagings;
  private volatile int lastKilled;
  private OptionalLong noted = OptionalLong.empty();

  /** What a killed server was about to ask of OSS. */
  private final AtomicReference<@Nullable Runnable> sent = new AtomicReference<>();

  /** A process: what it knows is gone with it. */
  private record Server(SessionFileSystem files, SessionRecords records) {
    long lookup(long parent, String name) {
      return Mounted.await(files.lookup(Mounted.CALLER, parent, name)).node();
    }

    String read(long node, long handle) {
      MemorySegment into = MemorySegment.ofArray(new byte[100]);
      int count = Mounted.await(files.read(Mounted.CALLER, node, handle, 0, into));
      return new String(
          into.asSlice(0, count).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE), UTF_8);
    }
  }

  /** No failure that anybody could answer: the process is gone. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  /** One request, with the node ids that the kernel has of the first server. */
  private interface Change {
    Object on(SessionFileSystem files, Caller caller);
  }

  /** What the kernel knows before: finds it out from the first server. */
  private interface Before {
    Change with(Server first);
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

  private Server server() {
    try {
      ObjectStore store = wire();
      SessionMemory memory = SessionMemory.map(Objects.requireNonNull(memfd).duplicate());
      memories.add(memory);
      int mine = epoch + 1;
      SessionRecords records = new Mortal(memory.records(), () -> lastKilled >= mine);
      Path staging = Files.createDirectory(directory.resolve("staging" + stagings++));
      MountTree tree =
          new MountTree(
              MountOptions.usual(),
              new MountTree.Parts(
                  store,
                  new HeapBlockCache(store),
                  StagingArea.open(staging, 1 << 30),
                  new Uploader(store, Mounted.PART_BYTES),
                  Clock.systemUTC(),
                  System::nanoTime));
      var state = new SessionState(++epoch, epoch > 1, Notifier.NONE, BackingFiles.NONE, records);
      return new Server(
          SessionFileSystem.begin(tree, SessionView.WHOLE, state, Processes.UNKNOWN), records);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Caller caller() {
    OptionalLong before = noted;
    Attempt attempt =
        new Attempt() {
          @Override
          public OptionalLong noted() {
            return before;
          }

          @Override
          public void note(long value) {
            noted = OptionalLong.of(value);
          }
        };
    return new Caller(1000, 1000, 42, attempt);
  }

  private void begin(List<String> keys) throws IOException {
    end();
    store = new InMemoryObjectStore();
    keys.forEach(key -> store.with(key, key.getBytes(UTF_8)));
    memfd = SessionMemory.create();
    noted = OptionalLong.empty();
    epoch = 0;
    lastKilled = 0;
    sent.set(null);
  }

  @AfterEach
  void end() {
    memories.forEach(SessionMemory::close);
    memories.clear();
    if (memfd != null) {
      memfd.close();
    }
  }

  /** Ends a server before its request {@code number} to OSS; false: it made fewer, and ended. */
  private boolean killAt(int number, Runnable work) {
    AtomicInteger calls = new AtomicInteger();
    int killed = epoch;
    store.before((_, _) -> {
      if (calls.getAndIncrement() >= number) {
        lastKilled = killed;
        throw new Killed();
      }
    });
    try {
      work.run();
    } catch (Killed e) {
      // The next server goes on.
    } catch (FuseException e) {
      // What the end looks like to who waits for another thread; or the answer that nobody gets.
      LOG.debug("ended", e);
    }
    store.before((_, _) -> {});
    return calls.get() > number;
  }

  /** What is left of a process is nothing: what its threads do when it is killed has no effect. */
  private static final class Mortal implements SessionRecords {
    private final SessionRecords records;
    private final BooleanSupplier isDead;

    Mortal(SessionRecords records, BooleanSupplier isDead) {
      this.records = records;
      this.isDead = isDead;
    }

    @Override
    public boolean put(Key key, byte[] body) {
      return isDead.getAsBoolean() || records.put(key, body);
    }

    @Override
    public void count(Key key, long count) {
      if (!isDead.getAsBoolean()) {
        records.count(key, count);
      }
    }

    @Override
    public void remove(Key key) {
      if (!isDead.getAsBoolean()) {
        records.remove(key);
      }
    }

    @Override
    public void forEach(Visitor visitor) {
      records.forEach(visitor);
    }
  }

  private interface Check {
    void check(Server second, Object answer);
  }

  private void succeeds(List<String> keys, Before before, Check check) throws IOException {
    succeedsAfter(keys, before, check);
    succeedsMeanwhile(keys, before, check);
  }

  /** Does the change with an end at each moment; the next server's answer is success. */
  private void succeedsAfter(List<String> keys, Before before, Check check) throws IOException {
    boolean isKilled = true;
    for (int number = 0; isKilled; number++) {
      begin(keys);
      Server first = server();
      Change change = before.with(first);
      isKilled = killAt(number, () -> change.on(first.files, caller()));
      goesOn("killed at " + number, change, check);
      assertThat(number).isLessThan(300);
    }
  }

  /**
   * Does the change with an end when each of its requests was sent, which OSS handles just before
   * each of the next server's.
   */
  private void succeedsMeanwhile(List<String> keys, Before before, Check check) throws IOException {
    boolean isKilled = true;
    for (int number = 0; isKilled; number++) {
      boolean isLate = true;
      for (int at = 0; isLate; at++) {
        begin(keys);
        Server first = server();
        Change change = before.with(first);
        isKilled = killAt(number, () -> change.on(first.files, caller()));
        Runnable late = sent.get();
        AtomicInteger calls = new AtomicInteger();
        int arrives = at;
        store.before((_, _) -> {
          if (calls.getAndIncrement() == arrives && late != null) {
            late.run();
          }
        });
        goesOn("killed at " + number + ", arrived at " + at, change, check);
        isLate = late != null && calls.get() > at;
        assertThat(at).isLessThan(300);
      }
      assertThat(number).isLessThan(300);
    }
  }

  private void goesOn(String when, Change change, Check check) {
    Server second = server();
    Object answer;
    try {
      answer = change.on(second.files, caller());
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
  private void fails(Errno errno, List<String> keys, Before before) throws IOException {
    boolean isKilled = true;
    for (int number = 0; isKilled; number++) {
      begin(keys);
      Server first = server();
      Change change = before.with(first);
      isKilled = killAt(number, () -> change.on(first.files, caller()));
      Server second = server();
      assertThatThrownBy(() -> change.on(second.files, caller()))
          .isInstanceOfSatisfying(FuseException.class, e -> assertThat(e.errno()).isEqualTo(errno));
      assertThat(store.keys()).containsExactlyElementsOf(keys);
    }
  }

  private void keys(String... expected) {
    assertThat(store.keys()).containsExactly(expected);
  }

  private String content(String key) {
    return new String(store.bytes(key).orElseThrow(), UTF_8);
  }

  private static void assertNothingIsOpen(Server server) {
    List<SessionRecords.Key> open = new ArrayList<>();
    server.records.forEach((key, _, _) -> {
      if (key.kind() == SessionRecords.Kind.HANDLE) {
        open.add(key);
      }
    });
    assertThat(open).isEmpty();
  }

  @Test
  void aDirectoryIsMade() throws Exception {
    succeeds(
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
    succeeds(
        List.of("dir/file"),
        first -> {
          long dir = first.lookup(FileSystem.ROOT, "dir");
          return (files, caller) -> Mounted.await(files.symlink(caller, dir, "link", "file"));
        },
        (_, _) -> {
          keys("dir/file", "dir/link");
          assertThat(content("dir/link")).isEqualTo("file");
        });
  }

  @Test
  void aFileIsRemovedAndItsDirectoryStays() throws Exception {
    succeeds(
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
    succeeds(
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
      succeeds(
          List.of("from/", "from/file", "to/"),
          rename("file", "there", flags),
          (second, _) -> {
            keys("from/", "to/", "to/there");
            assertThat(content("to/there")).isEqualTo("from/file");
            assertThat(second.lookup(second.lookup(FileSystem.ROOT, "from"), "file")).isZero();
          });
    }
  }

  @Test
  void aFileIsRenamedOntoAnother() throws Exception {
    succeeds(
        List.of("from/", "from/file", "to/there"),
        rename("file", "there", 0),
        (_, _) -> {
          keys("from/", "to/there");
          assertThat(content("to/there")).isEqualTo("from/file");
        });
  }

  @Test
  void aFileThatIsOpenIsRenamedAndReadOn() throws Exception {
    List<Long> open = new ArrayList<>();
    succeeds(
        List.of("from/", "from/file", "to/"),
        first -> {
          long from = first.lookup(FileSystem.ROOT, "from");
          long node = first.lookup(from, "file");
          Caller reader = Mounted.CALLER;
          open.clear();
          open.add(node);
          open.add(Mounted.await(first.files.open(reader, node, 0)).handle());
          return rename("file", "there", 0).with(first);
        },
        (second, _) -> {
          assertThat(second.read(open.get(0), open.get(1))).isEqualTo("from/file");
          Mounted.await(second.files.release(open.get(0), open.get(1)));
          assertNothingIsOpen(second);
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
          Mounted.await(first.files.open(Mounted.CALLER, file, OpenFlags.READ_WRITE)).handle();
      open.clear();
      open.addAll(List.of(file, handle));
      Change change = before.with(first);
      return (files, caller) -> {
        if (files != first.files) {
          MemorySegment bytes = MemorySegment.ofArray(newer(path).getBytes(UTF_8));
          Mounted.await(files.write(Mounted.CALLER, file, handle, 0, bytes));
        }
        return change.on(files, caller);
      };
    };
  }

  /** As close(2). */
  private static void close(Server server, List<Long> open) {
    Mounted.await(server.files.flush(Mounted.CALLER, open.get(0), open.get(1)));
    Mounted.await(server.files.release(open.get(0), open.get(1)));
  }

  /** As long as the old bytes: the size alone does not tell them apart. */
  private static String newer(String path) {
    return path.toUpperCase(Locale.ROOT);
  }

  @Test
  void whatIsWrittenToAFileBeforeItsRenameGoesOnIsUnderTheNewName() throws Exception {
    List<Long> open = new ArrayList<>();
    succeeds(
        List.of("from/", "from/file", "to/"),
        written(open, "from/file", rename("file", "there", 0)),
        (second, _) -> {
          close(second, open);
          keys("from/", "to/", "to/there");
          assertThat(content("to/there")).isEqualTo(newer("from/file"));
        });
  }

  @Test
  void whatIsWrittenToAFileBeforeTheRenameOfItsDirectoryGoesOnIsThere() throws Exception {
    List<Long> open = new ArrayList<>();
    succeeds(
        List.of("from/", "from/dir/a", "from/dir/b", "to/"),
        written(open, "from/dir/a", rename("dir", "there", 0)),
        (second, _) -> {
          close(second, open);
          keys("from/", "to/", "to/there/a", "to/there/b");
          assertThat(content("to/there/a")).isEqualTo(newer("from/dir/a"));
          assertThat(content("to/there/b")).isEqualTo("from/dir/b");
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
            assertThat(store.keys()).containsExactlyElementsOf(expected);
            assertThat(content("to/there/file-01")).isEqualTo("from/dir/file-01");
            assertThat(second.lookup(second.lookup(FileSystem.ROOT, "from"), "dir")).isZero();
          });
    }
  }

  @Test
  void aDirectoryOfManyFilesIsRenamed() throws Exception {
    directoryIsRenamed(MANY, this::succeedsAfter);
  }

  @Test
  void aDirectoryIsRenamedWhileRequestsOfTheKilledServerArrive() throws Exception {
    directoryIsRenamed(FEW, this::succeedsMeanwhile);
  }

  @Test
  void aFileThatIsOpenMovesWithItsDirectory() throws Exception {
    List<Long> open = new ArrayList<>();
    succeeds(
        List.of("from/", "from/dir/a", "from/dir/b", "to/"),
        first -> {
          long dir = first.lookup(first.lookup(FileSystem.ROOT, "from"), "dir");
          long node = first.lookup(dir, "a");
          open.clear();
          open.add(node);
          open.add(Mounted.await(first.files.open(Mounted.CALLER, node, 0)).handle());
          return rename("dir", "there", 0).with(first);
        },
        (second, _) -> {
          keys("from/", "to/", "to/there/a", "to/there/b");
          assertThat(second.read(open.get(0), open.get(1))).isEqualTo("from/dir/a");
        });
  }

  @Test
  void aFileIsMadeThatMustNotBeThere() throws Exception {
    int flags = OpenFlags.READ_WRITE | OpenFlags.CREATE | OpenFlags.EXCLUSIVE;
    succeeds(
        List.of("dir/file"),
        first -> {
          long dir = first.lookup(FileSystem.ROOT, "dir");
          return (files, caller) ->
              Mounted.await(files.create(caller, dir, "new", Attributes.REGULAR | 0644, flags));
        },
        (second, answer) -> {
          var made = (io.ossmount.fuse.Created) answer;
          Mounted.await(second.files.release(made.entry().node(), made.opened().handle()));
          assertNothingIsOpen(second);
        });
  }

  private void opens(int flags) throws IOException {
    List<Long> node = new ArrayList<>();
    succeeds(
        List.of("dir/file"),
        first -> {
          long file = first.lookup(first.lookup(FileSystem.ROOT, "dir"), "file");
          // The kernel asks with it; whether another one has it open as well does not matter.
          Mounted.await(first.files.open(Mounted.CALLER, file, 0));
          node.add(0, file);
          return (files, caller) -> Mounted.await(files.open(caller, file, flags));
        },
        (second, answer) -> {
          long handle = ((io.ossmount.fuse.Opened) answer).handle();
          List<SessionRecords.Key> open = new ArrayList<>();
          second.records.forEach((key, _, _) -> {
            if (key.kind() == SessionRecords.Kind.HANDLE) {
              open.add(key);
            }
          });
          assertThat(open).hasSize(2);
          Mounted.await(second.files.release(node.getFirst(), handle));
        });
  }

  @Test
  void whoOpensAFileHasOneHandle() throws Exception {
    opens(OpenFlags.READ_ONLY);
    opens(OpenFlags.READ_WRITE);
  }

  @Test
  void whoOpensADirectoryHasOneHandle() throws Exception {
    succeeds(
        List.of("dir/file"),
        first -> {
          long dir = first.lookup(FileSystem.ROOT, "dir");
          return (files, caller) -> Mounted.await(files.opendir(caller, dir));
        },
        (second, answer) -> {
          long handle = ((io.ossmount.fuse.Opened) answer).handle();
          Mounted.await(second.files.releasedir(second.lookup(FileSystem.ROOT, "dir"), handle));
          assertNothingIsOpen(second);
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
      begin(List.of("dir/file"));
      Server first = server();
      long file = first.lookup(first.lookup(FileSystem.ROOT, "dir"), "file");
      var setting = first.files.setattr(caller(), file, mode);
      // What the second server finds is what the first left while the request waited.
      List<Attributes> answers = new ArrayList<>();
      Consumer<SessionFileSystem> again =
          files -> answers.add(Mounted.await(files.setattr(caller(), file, mode)));
      Server second = server();
      isKilled = killAt(number, () -> again.accept(second.files));
      Server third = server();
      again.accept(third.files);
      assertThat(answers.getLast().mode() & 0777).isEqualTo(0600);
      assertThat(setting).isNotNull();
    }
  }

  @Test
  void aFileWhoseNameWasLookedUpJustNowIsKnownToTheNextServerAndTheOneAfter() throws Exception {
    begin(List.of("dir/file"));
    Server first = server();
    long file = first.lookup(first.lookup(FileSystem.ROOT, "dir"), "file");

    server();
    Server third = server();

    long handle = Mounted.await(third.files.open(Mounted.CALLER, file, 0)).handle();
    assertThat(third.read(file, handle)).isEqualTo("dir/file");
    Mounted.await(third.files.release(file, handle));
    assertNothingIsOpen(third);
    third.files.forget(file, 1);
    assertThat(fileNodes(third)).isZero();
  }

  private static int fileNodes(Server server) {
    AtomicInteger count = new AtomicInteger();
    server.records.forEach((key, _, body) -> {
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
    begin(keys);
    Server first = server();
    long dir = first.lookup(FileSystem.ROOT, "dir");
    for (int i = 0; i < 300; i++) {
      assertThat(first.lookup(dir, "file-%03d".formatted(i))).isNotZero();
    }

    assertThat(fileNodes(first)).isEqualTo(64);
    assertThat(fileNodes(server())).isEqualTo(64);
  }

  @Test
  void whatCannotBeIsRefusedByTheNextServerAsWell() throws Exception {
    fails(
        Errno.EEXIST,
        List.of("dir/file"),
        first -> {
          long dir = first.lookup(FileSystem.ROOT, "dir");
          return (files, caller) -> Mounted.await(files.mkdir(caller, dir, "file", 0755));
        });
    fails(
        Errno.EEXIST,
        List.of("dir/file"),
        first -> {
          long dir = first.lookup(FileSystem.ROOT, "dir");
          return (files, caller) -> Mounted.await(files.symlink(caller, dir, "file", "x"));
        });
    fails(
        Errno.EEXIST,
        List.of("dir/file"),
        first -> {
          long dir = first.lookup(FileSystem.ROOT, "dir");
          int flags = OpenFlags.READ_WRITE | OpenFlags.CREATE | OpenFlags.EXCLUSIVE;
          return (files, caller) ->
              Mounted.await(files.create(caller, dir, "file", Attributes.REGULAR | 0644, flags));
        });
    fails(
        Errno.ENOENT,
        List.of("dir/file"),
        first -> {
          long dir = first.lookup(FileSystem.ROOT, "dir");
          return (files, caller) -> Mounted.await(files.unlink(caller, dir, "none"));
        });
    fails(
        Errno.ENOTEMPTY,
        List.of("dir/sub/file"),
        first -> {
          long dir = first.lookup(FileSystem.ROOT, "dir");
          return (files, caller) -> Mounted.await(files.rmdir(caller, dir, "sub"));
        });
    fails(Errno.EEXIST, List.of("from/file", "to/there"), rename("file", "there", 1));
    fails(Errno.ENOTEMPTY, List.of("from/dir/a", "to/there/b"), rename("dir", "there", 0));
  }
}
