package io.ossmount.cache.fs;

import io.ossmount.cache.serve.Processes;
import io.ossmount.cache.serve.SessionsToCome;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import io.ossmount.cache.write.PartStream;
import io.ossmount.cache.write.StagingArea;
import io.ossmount.cache.write.Uploader;
import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.BackingFiles;
import io.ossmount.fuse.Caller;
import io.ossmount.fuse.Created;
import io.ossmount.fuse.DirectoryEntries;
import io.ossmount.fuse.Entry;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.Notifier;
import io.ossmount.fuse.OpenFlags;
import io.ossmount.fuse.Opened;
import io.ossmount.fuse.Outcome;
import io.ossmount.fuse.SessionRecords;
import io.ossmount.fuse.SessionState;
import io.ossmount.fuse.SetAttributes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A file system over a bucket in memory, asked by paths as a kernel without caches would ask it: a
 * LOOKUP for each segment, FORGETs after each call, a second try after ESTALE.
 */
final class Mounted implements AutoCloseable {
  static final Caller CALLER = new Caller(1000, 1000, 42);
  static final long PART_BYTES = 128 << 10;
  private static final AtomicInteger EPOCHS = new AtomicInteger();

  final InMemoryObjectStore store;
  final HeapBlockCache blocks;
  final AtomicLong nanos = new AtomicLong(1);
  final Path staging;
  final MountTree tree;
  final SessionFileSystem session;
  private final KeptRecords records;

  /** What is known of who asks: nothing. */
  Processes processes = Processes.UNKNOWN;

  private final boolean owner;
  private final Map<String, Nested> nested = new LinkedHashMap<>();

  /** A nested mount. */
  record Nested(InMemoryObjectStore store, HeapBlockCache blocks, MountTree tree) {}

  Mounted(InMemoryObjectStore store, MountOptions options, long stagingBytes) {
    this.store = store;
    this.blocks = new HeapBlockCache(store);
    this.staging = temporary();
    this.tree = tree(options, stagingBytes);
    this.records = new KeptRecords();
    this.session = begin(SessionView.WHOLE, false);
    this.owner = true;
  }

  /** The process that comes after one that was killed. */
  private Mounted(Mounted killed, SessionsToCome sessions, boolean isTakenOver) {
    this.store = killed.store;
    this.blocks = killed.blocks;
    this.staging = killed.staging;
    this.tree = tree(killed.tree.options(), 1 << 30);
    this.records = isTakenOver ? killed.records : new KeptRecords();
    tree.recover(sessions);
    killed.nested.forEach((path, old) -> {
      MountTree again = nested(path, old.store, old.blocks, old.tree.options());
      again.recover(sessions);
      nested.put(path, new Nested(old.store, old.blocks, again));
    });
    showNested();
    this.session = begin(SessionView.WHOLE, isTakenOver);
    this.owner = true;
  }

  private MountTree tree(MountOptions options, long stagingBytes) {
    return new MountTree(
        options,
        new MountTree.Parts(
            store,
            blocks,
            StagingArea.open(staging, stagingBytes),
            new Uploader(store, PART_BYTES),
            Clock.systemUTC(),
            () -> nanos.addAndGet(1_000)));
  }

  private MountTree nested(
      String path, InMemoryObjectStore bucket, HeapBlockCache bytes, MountOptions options) {
    return tree.nested(
        MountTree.idOf(path, "nested", options.prefix()),
        options,
        new MountTree.Parts(
            bucket,
            bytes,
            StagingArea.open(stagingOf(path), 1 << 30),
            new Uploader(bucket, PART_BYTES),
            Clock.systemUTC(),
            () -> nanos.addAndGet(1_000)));
  }

  private Path stagingOf(String path) {
    try {
      return Files.createDirectories(staging.resolve("nested-" + path.replace('/', '-')));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Another bucket at a path, from now on. */
  MountTree graft(String path, InMemoryObjectStore bucket, MountOptions options) {
    HeapBlockCache bytes = new HeapBlockCache(bucket);
    MountTree grafted = nested(path, bucket, bytes, options);
    nested.put(path, new Nested(bucket, bytes, grafted));
    showNested();
    return grafted;
  }

  MountTree graft(String path, InMemoryObjectStore bucket) {
    return graft(path, bucket, MountOptions.usual());
  }

  /** Its names are gone from now on. */
  void ungraft(String path) {
    nested.remove(path);
    showNested();
  }

  /** There is to be one, which cannot be made, until something else is grafted. */
  void graftMissing(String path) {
    showNested(Map.of(path, Optional.empty()));
  }

  private void showNested() {
    showNested(Map.of());
  }

  private void showNested(Map<String, Optional<MountTree>> more) {
    Map<String, Optional<MountTree>> paths = new LinkedHashMap<>(more);
    nested.forEach((path, mount) -> paths.put(path, Optional.of(mount.tree)));
    tree.graft(paths);
  }

  Mounted() {
    this(new InMemoryObjectStore());
  }

  Mounted(InMemoryObjectStore store) {
    this(store, MountOptions.usual(), 1 << 30);
  }

  private Mounted(Mounted other, SessionView view, SessionRecords kept) {
    this.store = other.store;
    this.blocks = other.blocks;
    this.staging = other.staging;
    this.tree = other.tree;
    this.records = kept instanceof KeptRecords mine ? mine : new KeptRecords();
    this.session = begin(view, false, kept);
    this.owner = false;
  }

  /** Another session of the process that comes after a killed one. */
  private Mounted(Mounted next, Mounted killed) {
    this.store = next.store;
    this.blocks = next.blocks;
    this.staging = next.staging;
    this.tree = next.tree;
    this.records = killed.records;
    this.session = begin(SessionView.WHOLE, true);
    this.owner = false;
  }

  private SessionFileSystem begin(SessionView view, boolean isTakenOver) {
    return begin(view, isTakenOver, records);
  }

  private SessionFileSystem begin(SessionView view, boolean isTakenOver, SessionRecords kept) {
    var state =
        new SessionState(
            EPOCHS.incrementAndGet(), isTakenOver, Notifier.NONE, BackingFiles.NONE, kept);
    return SessionFileSystem.begin(
        tree, view, state, (tasks, other) -> processes.allLiveApart(tasks, other));
  }

  /**
   * The next process, after this one was killed, with this session. Nothing more is done here: what
   * goes on in other threads is waited for, as a killed process has none.
   */
  Mounted next() {
    awaitQuiet();
    return new Mounted(this, new SessionsToCome(Duration.ofMinutes(10)), true);
  }

  /** The same, but the session does not come; what is nobody's waits so long. */
  Mounted nextWithoutSession(Duration patience) {
    awaitQuiet();
    return new Mounted(this, new SessionsToCome(patience), false);
  }

  /** A session of a killed process goes on in the next one. */
  Mounted withSessionOf(Mounted killed) {
    return new Mounted(this, killed);
  }

  private void awaitQuiet() {
    tree.async().close(Duration.ofSeconds(1));
    Awaitility.await().until(() -> tree.background().tasks() == 0);
    nested
        .values()
        .forEach(mount -> Awaitility.await().until(() -> mount.tree.background().tasks() == 0));
    for (FileInode file : tree.claimedFiles()) {
      PartStream stream;
      synchronized (file) {
        stream = file.stream;
      }
      if (stream != null) {
        stream.await(0, Long.MAX_VALUE);
      }
    }
  }

  /** A file that was opened in the process before. */
  Open again(Open before) {
    return new Open(before.node, before.opened);
  }

  /** The kernel gives up a file while there is no server, and the stand-in notes it. */
  void closedMeanwhile(Open file) {
    records.count(
        new SessionRecords.Key(SessionRecords.Kind.HANDLE, file.handle), SessionRecords.RELEASED);
  }

  /** Descriptors that the next process would find. */
  long keptHandles() {
    return records.handles();
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("staging");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Another session of the same mount. */
  Mounted session(SessionView view) {
    return session(view, new KeptRecords());
  }

  /** Another session, with these records. */
  Mounted session(SessionView view, SessionRecords kept) {
    return new Mounted(this, view, kept);
  }

  /** Lets time pass. */
  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  /** The answer, now or later. */
  static <T> T await(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Now<T>(T answer) -> answer;
      case Outcome.Later<T>(var work) -> {
        try {
          yield work.call();
        } catch (RuntimeException e) {
          throw e;
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }
    };
  }

  /** Does something with the node of a path; ESTALE is tried once more, as the kernel does. */
  private <T> T at(String path, java.util.function.LongFunction<T> work) {
    try {
      return once(path, work);
    } catch (FuseException e) {
      if (e.errno() != Errno.ESTALE) {
        throw e;
      }
      return once(path, work);
    }
  }

  private <T> T once(String path, java.util.function.LongFunction<T> work) {
    List<Long> nodes = new ArrayList<>();
    long node = FileSystem.ROOT;
    try {
      for (String name : path.isEmpty() ? new String[0] : path.split("/")) {
        Entry entry = await(session.lookup(CALLER, node, name));
        if (entry.isNegative()) {
          throw new FuseException(Errno.ENOENT, path);
        }
        node = entry.node();
        nodes.add(node);
      }
      return work.apply(node);
    } finally {
      nodes.forEach(id -> session.forget(id, 1));
    }
  }

  private static String parent(String path) {
    return path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  Attributes stat(String path) {
    return at(path, node -> await(session.getattr(CALLER, node, FileSystem.NO_HANDLE)));
  }

  boolean exists(String path) {
    try {
      stat(path);
      return true;
    } catch (FuseException e) {
      if (e.errno() == Errno.ENOENT) {
        return false;
      }
      throw e;
    }
  }

  /** An open file. */
  final class Open implements AutoCloseable {
    final long node;
    final long handle;
    final Opened opened;

    private Open(long node, Opened opened) {
      this.node = node;
      this.handle = opened.handle();
      this.opened = opened;
    }

    byte[] read(long offset, int length) {
      MemorySegment into = MemorySegment.ofArray(new byte[length]);
      int count = await(session.read(CALLER, node, handle, offset, into));
      return into.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
    }

    byte[] readAll() {
      return read(0, (int) stat().size());
    }

    Open write(long offset, byte[] bytes) {
      return write(CALLER, offset, bytes);
    }

    Open write(Caller caller, long offset, byte[] bytes) {
      var from = MemorySegment.ofArray(bytes);
      int count = await(session.write(caller, node, handle, offset, from));
      if (count != bytes.length) {
        throw new AssertionError("wrote " + count + " of " + bytes.length);
      }
      return this;
    }

    Open write(long offset, String text) {
      return write(offset, text.getBytes(StandardCharsets.UTF_8));
    }

    Open truncate(long size) {
      return truncate(CALLER, size);
    }

    Open truncate(Caller caller, long size) {
      await(session.setattr(caller, node, size(size, handle)));
      return this;
    }

    Attributes stat() {
      return await(session.getattr(CALLER, node, handle));
    }

    Open fsync() {
      await(session.fsync(CALLER, node, handle, false));
      return this;
    }

    Open flush() {
      return flush(CALLER);
    }

    Open flush(Caller caller) {
      await(session.flush(caller, node, handle));
      return this;
    }

    void release() {
      await(session.release(node, handle));
      session.forget(node, 1);
    }

    /** As close(2): releases also when the flush fails. */
    @Override
    public void close() {
      try {
        if (!opened.options().contains(Opened.Option.NOFLUSH)) {
          flush();
        }
      } finally {
        release();
      }
    }
  }

  Open open(String path, int flags) {
    return at(
        path,
        node -> {
          Opened opened = await(session.open(CALLER, node, flags));
          // The kernel holds the inode of an open file.
          Entry again = lookup(path);
          if (again.node() != node) {
            throw new AssertionError("another node");
          }
          return new Open(node, opened);
        });
  }

  private Entry lookup(String path) {
    return at(parent(path), node -> await(session.lookup(CALLER, node, name(path))));
  }

  Open create(String path) {
    return create(path, OpenFlags.READ_WRITE, 0644);
  }

  Open create(String path, int flags, int mode) {
    Created created =
        at(
            parent(path),
            node -> await(session.create(CALLER, node, name(path), 0100000 | mode, flags)));
    return new Open(created.entry().node(), created.opened());
  }

  void write(String path, byte[] bytes) {
    boolean there = exists(path);
    int flags = OpenFlags.WRITE_ONLY | OpenFlags.TRUNCATE;
    try (Open file = there ? open(path, flags) : create(path)) {
      file.write(0, bytes);
    }
  }

  void write(String path, String text) {
    write(path, text.getBytes(StandardCharsets.UTF_8));
  }

  void append(String path, String text) {
    try (Open file = open(path, OpenFlags.WRITE_ONLY | OpenFlags.APPEND)) {
      file.write(0, text);
    }
  }

  byte[] read(String path) {
    try (Open file = open(path, OpenFlags.READ_ONLY)) {
      return file.readAll();
    }
  }

  String text(String path) {
    return new String(read(path), StandardCharsets.UTF_8);
  }

  void mkdir(String path) {
    forget(at(parent(path), node -> await(session.mkdir(CALLER, node, name(path), 0755))));
  }

  void symlink(String path, String target) {
    forget(at(parent(path), node -> await(session.symlink(CALLER, node, name(path), target))));
  }

  private void forget(Entry entry) {
    session.forget(entry.node(), 1);
  }

  String readlink(String path) {
    return at(path, node -> await(session.readlink(CALLER, node)));
  }

  void unlink(String path) {
    at(parent(path), node -> await(session.unlink(CALLER, node, name(path))));
  }

  void rmdir(String path) {
    at(parent(path), node -> await(session.rmdir(CALLER, node, name(path))));
  }

  void rename(String from, String to) {
    rename(from, to, 0);
  }

  void rename(String from, String to, int flags) {
    at(
        parent(from),
        node ->
            at(
                parent(to),
                newNode ->
                    await(session.rename(CALLER, node, name(from), newNode, name(to), flags))));
  }

  Attributes setattr(String path, SetAttributes changes) {
    return at(path, node -> setattr(node, changes));
  }

  private Attributes setattr(long node, SetAttributes changes) {
    return await(session.setattr(CALLER, node, changes));
  }

  void truncate(String path, long size) {
    setattr(path, size(size, FileSystem.NO_HANDLE));
  }

  void chmod(String path, int mode) {
    setattr(
        path,
        new SetAttributes(
            FileSystem.NO_HANDLE,
            OptionalLong.empty(),
            OptionalInt.of(mode),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  private static SetAttributes size(long size, long handle) {
    return new SetAttributes(
        handle,
        OptionalLong.of(size),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Names in a directory, as READDIRPLUS gives them, with their attributes. */
  Map<String, Attributes> list(String path) {
    return list(path, 100);
  }

  Map<String, Attributes> list(String path, int room) {
    return at(path, node -> listNode(node, room));
  }

  private Map<String, Attributes> listNode(long node, int room) {
    Map<String, Attributes> all = new LinkedHashMap<>();
    Opened opened = await(session.opendir(CALLER, node));
    long offset = 0;
    while (true) {
      Room into = new Room(room);
      await(session.readdir(CALLER, node, opened.handle(), offset, into));
      if (into.taken == 0) {
        break;
      }
      into.entries.forEach((name, entry) -> {
        if (all.put(name, entry.attributes()) != null) {
          throw new AssertionError(name + " came twice");
        }
        session.forget(entry.node(), 1);
      });
      offset = into.last;
    }
    await(session.releasedir(node, opened.handle()));
    return all;
  }

  /** Names without attributes, which {@link #list} does not have: those of "." and others. */
  Set<String> bareNames(String path) {
    return at(
        path,
        node -> {
          Opened opened = await(session.opendir(CALLER, node));
          Room into = new Room(100);
          await(session.readdir(CALLER, node, opened.handle(), 0, into));
          into.entries.values().forEach(entry -> session.forget(entry.node(), 1));
          await(session.releasedir(node, opened.handle()));
          return into.bare;
        });
  }

  /** Room for a number of entries. */
  static final class Room implements DirectoryEntries {
    final Map<String, Entry> entries = new LinkedHashMap<>();
    final Set<String> bare = new LinkedHashSet<>();
    int taken;
    long last;
    private final int room;

    Room(int room) {
      this.room = room;
    }

    @Override
    public boolean withAttributes() {
      return true;
    }

    @Override
    public boolean offer(String name, long inode, int type, long offset) {
      boolean isTaken = take(offset);
      if (isTaken) {
        bare.add(name);
      }
      return isTaken;
    }

    @Override
    public boolean offer(String name, Entry entry, long offset) {
      if (!take(offset)) {
        return false;
      }
      if (entries.put(name, entry) != null) {
        throw new AssertionError(name + " came twice");
      }
      return true;
    }

    private boolean take(long offset) {
      if (taken == room) {
        return false;
      }
      taken++;
      last = offset;
      return true;
    }
  }

  /** What is in the bucket, as text. */
  String object(String key) {
    return new String(store.bytes(key).orElseThrow(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    session.destroy();
    if (owner) {
      nested.values().forEach(mount -> mount.tree.close());
      tree.close();
      removeStaging();
    }
  }

  private void removeStaging() {
    try (Stream<Path> files = Files.walk(staging)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
