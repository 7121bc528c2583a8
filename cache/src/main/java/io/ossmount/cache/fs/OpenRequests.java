package io.ossmount.cache.fs;

import io.ossmount.cache.store.StoreException;
import io.ossmount.fuse.Attempt;
import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.Caller;
import io.ossmount.fuse.Created;
import io.ossmount.fuse.Done;
import io.ossmount.fuse.Entry;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.OpenFlags;
import io.ossmount.fuse.Opened;
import io.ossmount.fuse.Outcome;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session's requests to open, make and release files. Thread-safe. */
final class OpenRequests {
  private static final Logger LOG = LoggerFactory.getLogger(OpenRequests.class);

  private final SessionContext context;
  private final NameRequests names;
  private final PassthroughOpens passthrough;

  OpenRequests(SessionContext context, NameRequests names) {
    this.context = context;
    this.names = names;
    this.passthrough = context.passthrough();
  }

  static boolean isWriting(int flags) {
    return (flags & OpenFlags.ACCESS_MODE) != OpenFlags.READ_ONLY || isTruncating(flags);
  }

  private static boolean isTruncating(int flags) {
    return (flags & OpenFlags.TRUNCATE) != 0;
  }

  /**
   * What is to be opened, and how.
   *
   * @param flags of open(2)
   */
  private record Opening(Node node, FileInode file, int flags, Caller caller) {
    FileOpens opens() {
      return file.tree().opens();
    }

    boolean isWriting() {
      return OpenRequests.isWriting(flags);
    }

    boolean isTruncating() {
      return OpenRequests.isTruncating(flags);
    }

    boolean isAppending() {
      return (flags & OpenFlags.APPEND) != 0;
    }

    /**
     * Whether the kernel may have pages that are not of what is opened: it drops them by itself for
     * a truncation, but not when that fails, and nobody told it that an open which an earlier
     * server began was of another generation.
     */
    boolean mayHaveOtherPages() {
      return isTruncating() || caller.attempt().noted().isPresent();
    }
  }

  Outcome<Opened> open(Caller caller, long id, int flags) {
    Node node = context.nodes().node(id);
    Opening opening = new Opening(node, context.file(id), flags, caller);
    Optional<Handle> untold = context.handles().removeUntold(caller.attempt());
    if (untold.isPresent()) {
      return Outcome.later(() -> openAgain(opening, untold.get()));
    }
    return opening.isWriting() ? openToWrite(opening) : openToRead(opening);
  }

  private Outcome<Opened> openToWrite(Opening opening) {
    boolean verify = mustVerify(opening);
    // Whether OSS or an upload has to be waited for is decided once: else it may be the reader of
    // the requests of all sessions that waits, for what begins in between.
    boolean mayWait = verify || opening.isTruncating();
    return mayWait
        ? Outcome.later(() -> openedToWrite(opening, verify))
        : Outcome.of(openedToWrite(opening, false));
  }

  private Outcome<Opened> openToRead(Opening opening) {
    if (!context.isUncached()) {
      opening.file.tree().ahead().opened(opening.file.key(), passthrough);
    }
    OptionalInt backing = passthrough.openNow(opening.node, opening.file);
    return backing.isPresent()
        ? Outcome.of(opened(opening, backing.getAsInt()))
        : Outcome.later(() -> openedToRead(opening));
  }

  private Opened openedToRead(Opening opening) {
    if (context.isUncached() && !context.uncached().isWhole(opening.file)) {
      // Else a small file would be fetched into the cache.
      passthrough.openCached(opening.node);
      return opened(opening, PassthroughOpens.CACHED);
    }
    return opened(opening, passthrough.open(opening.node, opening.file));
  }

  /** An earlier server opened it already, and told nobody. */
  private Opened openAgain(Opening opening, Handle untold) {
    release(untold);
    return opening.isWriting()
        ? openedToWrite(opening, mustVerify(opening))
        : openedToRead(opening);
  }

  /**
   * Who truncates replaces whatever is there, but not what comes after: what goes up later has to
   * know what it replaces.
   */
  private boolean mustVerify(Opening opening) {
    boolean replaces = opening.isTruncating() && !context.isAsync();
    return opening.opens().mustVerify(opening.file, replaces);
  }

  /** Does not wait, unless it verifies or truncates. */
  private Opened openedToWrite(Opening opening, boolean verify) {
    FileInode file = opening.file;
    if (verify) {
      opening.opens().verify(file);
    }
    passthrough.openCached(opening.node);
    Opened opened = opened(opening, PassthroughOpens.CACHED);
    try {
      if (opening.isTruncating()) {
        file.tree().writes().truncate(file, 0, opening.caller);
        context.inodeChanged(file);
      }
      return opened;
    } catch (RuntimeException e) {
      drop(opened.handle());
      throw e;
    }
  }

  /** Opens a file, which is verified if it is for writing, in the way that was decided. */
  private Opened opened(Opening opening, int backing) {
    Node node = opening.node;
    FileInode file = opening.file;
    boolean writing = opening.isWriting();
    boolean isBacked = backing != PassthroughOpens.CACHED;
    try {
      opening.opens().open(file, writing);
    } catch (RuntimeException e) {
      passthrough.closed(node);
      throw e;
    }
    file.retain();
    Handle open = new Handle.OfFile(file, writing, opening.isAppending(), node);
    long handle = context.handles().add(open, opening.caller.attempt());
    Set<Opened.Option> options = EnumSet.noneOf(Opened.Option.class);
    if (!writing) {
      options.add(Opened.Option.NOFLUSH);
    }
    if (opening.mayHaveOtherPages()) {
      context.nodes().forgetCached(node);
    }
    if (isBacked) {
      return Opened.withBacking(handle, options, backing);
    }
    // Asking takes note that it has them of this generation from now on.
    if (!opening.isTruncating()
        && context.nodes().isCached(node, file.generation(), 0, Long.MAX_VALUE)) {
      options.add(Opened.Option.KEEP_CACHE);
    }
    return new Opened(handle, options);
  }

  Outcome<Created> create(Caller caller, long parent, String name, int mode, int flags) {
    DirectoryInode directory = context.directory(parent);
    String segment = names.newSegment(directory, name);
    int type = mode & Attributes.TYPE_MASK;
    if (type != Attributes.REGULAR && type != 0) {
      throw new FuseException(Errno.EPERM);
    }
    Posix posix = NameRequests.owned(caller, Attributes.REGULAR | (mode & 07777));
    Wanted wanted = new Wanted(name, segment, posix, caller);
    return Outcome.later(() -> create(directory, wanted, flags));
  }

  private record Wanted(String name, String segment, Posix posix, Caller caller) {
    Attempt attempt() {
      return caller.attempt();
    }
  }

  private Created create(DirectoryInode directory, Wanted wanted, int flags) {
    boolean isBegun = wanted.attempt().noted().isPresent();
    Optional<Handle> untold = context.handles().removeUntold(wanted.attempt());
    untold.ifPresent(this::takeBack);
    Optional<FileInode> there = names.existing(directory, wanted.name);
    if (there.isPresent() && (flags & OpenFlags.EXCLUSIVE) != 0 && !isBegun) {
      there.get().release();
      throw new FuseException(Errno.EEXIST);
    }
    FileInode file =
        there.orElseGet(() ->
            directory
                .tree()
                .changes()
                .create(directory, wanted.segment, wanted.posix, wanted.attempt()));
    Node node = context.nodes().lookedUp(file);
    try {
      // Also who may only read has made a file that is to go up.
      int newFlags = OpenFlags.READ_WRITE | (flags & OpenFlags.APPEND);
      boolean isMade = there.isEmpty() || (isBegun && file.isNew());
      var opening = new Opening(node, file, isMade ? newFlags : flags, wanted.caller);
      if (isMade) {
        file.madeBy(wanted.caller.pid());
      }
      Opened opened = openedToWrite(opening, mustVerify(opening));
      context.namesChanged();
      Duration validity = file.tree().options().attributeTimeout();
      var entry = new Entry(node.id(), validity, context.view().of(file));
      return new Created(entry, opened);
    } catch (RuntimeException e) {
      context.nodes().forget(node.id(), 1);
      throw e;
    }
  }

  /** The handle and the lookup of a CREATE that an earlier server told nobody of. */
  private void takeBack(Handle untold) {
    release(untold);
    context.nodes().forget(untold.node().id(), 1);
  }

  /** The last descriptor of a handle is gone. */
  Outcome<Done> release(long handle) {
    if (!context.handles().file(handle).writing()) {
      drop(handle);
      return Outcome.done();
    }
    return Outcome.later(() -> {
      // Before the handle is forgotten: from then on no session tells the next process of it.
      Handle.OfFile open = context.handles().file(handle);
      promise(open);
      open.inode().tree().opens().closing(open.inode());
      drop(handle);
      return Done.DONE;
    });
  }

  /** What close(2) could not know of, written through a mapping, is kept like the rest. */
  private void promise(Handle.OfFile open) {
    if (!open.writing() || !context.isAsync()) {
      return;
    }
    try {
      // False: too much waits, and it goes up like a file of the other mode.
      boolean _ = open.inode().tree().async().promise(open.inode());
    } catch (StoreException | UncheckedIOException e) {
      LOG.warn("{} goes up without a promise: {}", open.inode().key(), e.getMessage());
    }
  }

  private void drop(long handle) {
    context.uncached().ended(handle);
    release(context.handles().remove(handle));
  }

  void release(Handle handle) {
    try {
      if (handle instanceof Handle.OfFile open) {
        passthrough.closed(open.node());
        promise(open);
        open.inode().tree().opens().release(open.inode(), open.writing());
      }
    } finally {
      handle.inode().release();
    }
  }
}
