package io.ossmount.cache.fs;

import io.ossmount.cache.fs.MountTable.Place;
import io.ossmount.cache.serve.Processes;
import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.Caller;
import io.ossmount.fuse.Created;
import io.ossmount.fuse.DirectoryEntries;
import io.ossmount.fuse.Done;
import io.ossmount.fuse.Entry;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.Opened;
import io.ossmount.fuse.Outcome;
import io.ossmount.fuse.SessionState;
import io.ossmount.fuse.SetAttributes;
import io.ossmount.fuse.Statistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mount as one FUSE session sees it: its own root, owner and rights, over the tree that all
 * sessions share. Thread-safe.
 */
public final class SessionFileSystem implements FileSystem {
  private static final Logger LOG = LoggerFactory.getLogger(SessionFileSystem.class);

  private final MountShared mount;
  private final boolean readOnly;
  private final SessionState state;
  private final BackingIds backing;
  private final SessionContext context;
  private final NameRequests names;
  private final OpenRequests opens;
  private final FileRequests files;
  private final DirectoryRequests directories;

  private SessionFileSystem(
      MountTree tree, SessionView view, SessionState state, Processes processes, Place root) {
    this.mount = tree.shared();
    this.readOnly = view.readOnly() || tree.options().readOnly();
    this.state = state;
    this.backing = new BackingIds(tree.blocks(), state.backing(), mount::sessionCount);
    View shown = new View(view, () -> tree.options().modes());
    NodeRecords records = new NodeRecords(state.records(), shown);
    DirectoryInode directory = root.tree().directory(root.directory());
    NodeTable nodes = new NodeTable(state.epoch(), directory, records);
    this.context =
        new SessionContext(
            mount,
            shown,
            nodes,
            new HandleTable(state.epoch(), nodes, records),
            new PassthroughOpens(mount.opens(), nodes, backing),
            new UncachedReads(),
            processes,
            this);
    this.names = new NameRequests(context);
    this.opens = new OpenRequests(context, names);
    this.files = new FileRequests(context);
    this.directories = new DirectoryRequests(context);
  }

  /**
   * Begins a session; makes its root directory if it is not there and the session may write, and
   * waits for OSS then. What another server has begun goes on, and nobody is asked.
   *
   * @param tree the mount's own
   * @param processes that use it
   * @throws io.ossmount.cache.store.StoreException OSS cannot be asked
   * @throws UncheckedIOException its directory is in a tree that cannot be made yet
   */
  public static SessionFileSystem begin(
      MountTree tree, SessionView view, SessionState state, Processes processes) {
    MountTable mounts = tree.shared().mounts();
    Place root = mounts.find(tree, view.directory()).orElseThrow(() -> missing(view));
    boolean isThere =
        view.directory().isEmpty()
            || mounts.holds(root)
            || root.directory().equals(root.tree().options().prefix());
    boolean writing = !view.readOnly() && !root.tree().options().readOnly();
    if (writing && !isThere && !state.takenOver()) {
      make(root.tree(), root.directory());
    }
    SessionFileSystem session = new SessionFileSystem(tree, view, state, processes, root);
    List<Long> released =
        new Restoring(session.context, session.backing, state.records())
            .run(state.backing().inherited());
    session.mount.join(session);
    if (!released.isEmpty()) {
      Thread.ofVirtual().name("released").start(() -> released.forEach(session::releaseNow));
    }
    return session;
  }

  private static UncheckedIOException missing(SessionView view) {
    return new UncheckedIOException(
        new IOException(
            "the directory %s is in a nested mount that cannot be mounted yet"
                .formatted(view.directory())));
  }

  private static void make(MountTree tree, String directory) {
    if (!tree.remote().isDirectory(directory)) {
      tree.changes().putMarker(directory, Posix.NOTHING);
      tree.metadata().made(directory, true);
    }
  }

  /** Its last descriptor was closed while there was no server. */
  private void releaseNow(long handle) {
    try {
      if (opens.release(handle) instanceof Outcome.Later<Done>(Callable<Done> work)) {
        var _ = work.call();
      }
    } catch (Exception e) {
      LOG.warn("A file that was closed meanwhile is not released: {}", e.toString());
    }
  }

  /** Files that are open. */
  public long openFiles() {
    return context.handles().openFiles();
  }

  /** Whether its kernel reads cached files itself. */
  Passthrough passthrough() {
    return backing.state();
  }

  /** Cache files that its kernel may read. */
  int backingFiles() {
    return backing.size();
  }

  /** What is cached is not wanted any more by who comes from now on. */
  void reset() {
    backing.dropAll();
    namesChanged();
  }

  /**
   * Names changed, by another session or because trees came or went, or they are not known any
   * more.
   */
  void namesChanged() {
    state.notifier().incEpoch();
  }

  /** Another session changed a file or directory. */
  void inodeChanged(Inode inode) {
    context.nodes().node(inode).ifPresent(node -> state.notifier().invalInode(node.id()));
  }

  /** The same of a request that names a node which may be known to the kernel alone. */
  private <T> Outcome<T> answer(long node, Supplier<Outcome<T>> request) {
    Outcome<T> outcome = Failures.answer(request);
    return outcome instanceof Outcome.Later<T>(Callable<T> work)
        ? waiting(context.nodes().node(node), work)
        : outcome;
  }

  private <T> Outcome<T> waiting(Node node, Callable<T> work) {
    context.nodes().startWaiting(node);
    return Outcome.later(() -> {
      try {
        return work.call();
      } finally {
        context.nodes().endWaiting(node);
      }
    });
  }

  private <T> Outcome<T> change(long node, Supplier<Outcome<T>> request) {
    requireWritable(node);
    return Failures.answer(request);
  }

  private void requireWritable(long node) {
    requireWritable(context.nodes().node(node).inode());
  }

  /**
   * What is there may be changed.
   *
   * @throws FuseException EROFS
   */
  void requireWritable(Inode inode) {
    if (readOnly || inode.tree().options().readOnly()) {
      throw new FuseException(Errno.EROFS);
    }
  }

  @Override
  public Outcome<Entry> lookup(Caller caller, long parent, String name) {
    return Failures.answer(() -> names.lookup(parent, name));
  }

  @Override
  public void forget(long node, long lookups) {
    context.nodes().forget(node, lookups);
  }

  @Override
  public Outcome<Attributes> getattr(Caller caller, long node, long handle) {
    return Outcome.of(context.view().of(context.nodes().node(node).inode()));
  }

  @Override
  public Outcome<Attributes> setattr(Caller caller, long node, SetAttributes changes) {
    requireWritable(node);
    return answer(node, () -> files.setattr(caller, node, changes));
  }

  @Override
  public Outcome<String> readlink(Caller caller, long node) {
    return answer(node, () -> names.readlink(node));
  }

  @Override
  public Outcome<Entry> symlink(Caller caller, long parent, String name, String target) {
    return change(parent, () -> names.symlink(caller, parent, name, target));
  }

  @Override
  public Outcome<Entry> mkdir(Caller caller, long parent, String name, int mode) {
    return change(parent, () -> names.mkdir(caller, parent, name, mode));
  }

  @Override
  public Outcome<Done> unlink(Caller caller, long parent, String name) {
    return change(parent, () -> names.unlink(caller, parent, name));
  }

  @Override
  public Outcome<Done> rmdir(Caller caller, long parent, String name) {
    return change(parent, () -> names.rmdir(caller, parent, name));
  }

  @Override
  public Outcome<Done> rename(
      Caller caller, long parent, String name, long newParent, String newName, int flags) {
    return Failures.answer(() -> names.rename(caller, parent, name, newParent, newName, flags));
  }

  @Override
  public Outcome<Opened> open(Caller caller, long node, int flags) {
    if (OpenRequests.isWriting(flags)) {
      requireWritable(node);
    }
    return answer(node, () -> opens.open(caller, node, flags));
  }

  @Override
  public Outcome<Created> create(Caller caller, long parent, String name, int mode, int flags) {
    return change(parent, () -> opens.create(caller, parent, name, mode, flags));
  }

  @Override
  public Outcome<Integer> read(
      Caller caller, long node, long handle, long offset, MemorySegment into) {
    return Failures.answer(() -> files.read(handle, offset, into));
  }

  @Override
  public Outcome<Integer> write(
      Caller caller, long node, long handle, long offset, MemorySegment from) {
    return Failures.answer(() -> files.write(caller, node, handle, offset, from));
  }

  @Override
  public Outcome<Done> flush(Caller caller, long node, long handle) {
    return Failures.answer(() -> files.flush(caller, handle));
  }

  @Override
  public void unopened(long node) {
    Node opened = context.nodes().find(node);
    if (opened != null) {
      context.nodes().forgetCached(opened);
    }
  }

  @Override
  public Outcome<Done> release(long node, long handle) {
    return Failures.answer(() -> opens.release(handle));
  }

  @Override
  public Outcome<Done> fsync(Caller caller, long node, long handle, boolean dataOnly) {
    return Failures.answer(() -> files.fsync(handle));
  }

  @Override
  public Outcome<Opened> opendir(Caller caller, long node) {
    return Failures.answer(() -> directories.opendir(caller, node));
  }

  @Override
  public Outcome<Done> readdir(
      Caller caller, long node, long handle, long offset, DirectoryEntries into) {
    return Failures.answer(() -> directories.readdir(handle, offset, into));
  }

  @Override
  public Outcome<Done> releasedir(long node, long handle) {
    return Failures.answer(() -> directories.releasedir(handle));
  }

  @Override
  public Outcome<Done> fsyncdir(Caller caller, long node, long handle, boolean dataOnly) {
    return Outcome.done();
  }

  @Override
  public Outcome<Statistics> statfs(Caller caller, long node) {
    return Outcome.of(Statistics.BOUNDLESS);
  }

  /** The bytes of a version are not needed by who does not have them open. */
  void dropBytes(StoredVersion version) {
    backing.drop(version);
  }

  /** What is open stays open: the next server finds it, and what was written to it. */
  @Override
  public void handOver() {
    mount.leave(this);
    context.uncached().close();
    context.handles().clear();
    backing.close();
    context.nodes().clear();
  }

  @Override
  public void destroy() {
    mount.leave(this);
    context.handles().clear().forEach(opens::release);
    context.uncached().close();
    backing.close();
    context.nodes().clear();
  }
}
