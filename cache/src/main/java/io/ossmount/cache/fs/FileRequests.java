package io.ossmount.cache.fs;

import io.ossmount.cache.fs.NodeTable.Node;
import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.Caller;
import io.ossmount.fuse.Created;
import io.ossmount.fuse.Done;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.OpenFlags;
import io.ossmount.fuse.Opened;
import io.ossmount.fuse.Outcome;
import io.ossmount.fuse.SetAttributes;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A session's requests about files. Thread-safe. */
final class FileRequests {
  private final SessionContext context;
  private final MountTree tree;
  private final FileContents contents;
  private final NameRequests names;
  private final AttributeChanges attributes;
  private final PassthroughOpens passthrough;

  FileRequests(SessionContext context, NameRequests names) {
    this.context = context;
    this.tree = context.tree();
    this.contents = tree.contents();
    this.names = names;
    this.attributes = new AttributeChanges(tree);
    this.passthrough = context.passthrough();
  }

  static boolean isWriting(int flags) {
    return (flags & OpenFlags.ACCESS_MODE) != OpenFlags.READ_ONLY || isTruncating(flags);
  }

  private static boolean isTruncating(int flags) {
    return (flags & OpenFlags.TRUNCATE) != 0;
  }

  Outcome<Opened> open(long id, int flags) {
    Node node = context.nodes().node(id);
    FileInode file = context.file(id);
    if (!isWriting(flags)) {
      return openForReading(node, file, flags);
    }
    boolean verify = contents.mustVerify(file, isTruncating(flags));
    boolean waits = verify || (isTruncating(flags) && !contents.isIdle(file, 0));
    return waits
        ? Outcome.later(() -> openForWriting(node, file, flags))
        : Outcome.of(openForWriting(node, file, flags));
  }

  private Outcome<Opened> openForReading(Node node, FileInode file, int flags) {
    tree.ahead().opened(file.key(), passthrough);
    OptionalInt backing = passthrough.openNow(node, file);
    return backing.isPresent()
        ? Outcome.of(opened(node, file, flags, backing.getAsInt()))
        : Outcome.later(() -> opened(node, file, flags, passthrough.open(node, file)));
  }

  private Opened openForWriting(Node node, FileInode file, int flags) {
    if (contents.mustVerify(file, isTruncating(flags))) {
      contents.verify(file);
    }
    passthrough.openCached(node);
    Opened opened = opened(node, file, flags, PassthroughOpens.CACHED);
    try {
      if (isTruncating(flags)) {
        contents.truncate(file, 0);
        tree.inodeChanged(context.session(), file);
      }
      return opened;
    } catch (RuntimeException e) {
      release(opened.handle());
      throw e;
    }
  }

  /** Opens a file, which is verified if it is for writing, in the way that was decided. */
  private Opened opened(Node node, FileInode file, int flags, int backing) {
    boolean writing = isWriting(flags);
    boolean isBacked = backing != PassthroughOpens.CACHED;
    try {
      contents.open(file, writing);
    } catch (RuntimeException e) {
      passthrough.closed(node);
      throw e;
    }
    tree.retain(file);
    boolean append = (flags & OpenFlags.APPEND) != 0;
    long handle = context.handles().add(new Handle.OfFile(file, writing, append, node));
    Set<Opened.Option> options = EnumSet.noneOf(Opened.Option.class);
    if (!writing) {
      options.add(Opened.Option.NOFLUSH);
    }
    if (isBacked) {
      return Opened.withBacking(handle, options, backing);
    }
    if (context.nodes().isCached(node, file.generation(), 0, Long.MAX_VALUE)) {
      options.add(Opened.Option.KEEP_CACHE);
    }
    return new Opened(handle, options);
  }

  Outcome<Created> create(Caller caller, long parent, String name, int mode, int flags) {
    DirectoryInode directory = context.directory(parent);
    String segment = NameRequests.newSegment(name);
    int type = mode & Attributes.TYPE_MASK;
    if (type != Attributes.REGULAR && type != 0) {
      throw new FuseException(Errno.EPERM);
    }
    Posix posix = NameRequests.owned(caller, Attributes.REGULAR | (mode & 07777));
    return Outcome.later(() -> create(directory, new Wanted(name, segment, posix), flags));
  }

  private record Wanted(String name, String segment, Posix posix) {}

  private Created create(DirectoryInode directory, Wanted wanted, int flags) {
    Optional<FileInode> there = names.existing(directory, wanted.name);
    if (there.isPresent() && (flags & OpenFlags.EXCLUSIVE) != 0) {
      tree.release(there.get());
      throw new FuseException(Errno.EEXIST);
    }
    FileInode file =
        there.orElseGet(() -> tree.changes().create(directory, wanted.segment, wanted.posix));
    Node node = context.nodes().lookedUp(file);
    try {
      // Also who may only read has made a file that is to go up.
      int newFlags = OpenFlags.READ_WRITE | (flags & OpenFlags.APPEND);
      Opened opened = openForWriting(node, file, there.isPresent() ? flags : newFlags);
      tree.namesChanged(context.session());
      var entry =
          new io.ossmount.fuse.Entry(
              node.id(), tree.options().attributeTimeout(), context.view().of(file));
      return new Created(entry, opened);
    } catch (RuntimeException e) {
      context.nodes().forget(node.id(), 1);
      throw e;
    }
  }

  Outcome<Integer> read(long handle, long offset, MemorySegment into) {
    FileInode file = context.handles().file(handle).inode();
    int count = contents.readNow(file, offset, into);
    return count == FileContents.MUST_WAIT
        ? Outcome.later(() -> contents.read(file, offset, into))
        : Outcome.of(count);
  }

  Outcome<Integer> write(Caller caller, long id, long handle, long offset, MemorySegment from) {
    Handle.OfFile open = context.handles().file(handle);
    if (!open.writing()) {
      throw new FuseException(Errno.EBADF);
    }
    FileInode file = open.inode();
    Node node = context.nodes().node(id);
    long before = file.generation();
    var what = new FileContents.Writing(offset, open.append(), from, caller.attempt());
    int count = contents.writeNow(file, what);
    if (count != FileContents.MUST_WAIT) {
      return Outcome.of(written(node, file, before, count));
    }
    return Outcome.later(() -> written(node, file, before, contents.write(file, what)));
  }

  private int written(Node node, FileInode file, long before, int count) {
    context.nodes().changedByKernel(node, before, before + 1);
    tree.inodeChanged(context.session(), file);
    return count;
  }

  Outcome<Done> flush(long handle) {
    Handle.OfFile open = context.handles().file(handle);
    return open.writing() && isWorthFlushing(open.inode()) ? flushed(open) : Outcome.done();
  }

  /** An empty new file goes up when its last descriptor is gone. */
  private static boolean isWorthFlushing(FileInode file) {
    synchronized (file) {
      return file.dirty && (file.version != null || file.staged != null);
    }
  }

  Outcome<Done> fsync(long handle) {
    return flushed(context.handles().file(handle));
  }

  private Outcome<Done> flushed(Handle.OfFile open) {
    return Outcome.later(() -> {
      tree.uploads().flush(open.inode());
      return Done.DONE;
    });
  }

  Outcome<Done> releaseLater(long handle) {
    if (!context.handles().file(handle).writing()) {
      release(handle);
      return Outcome.done();
    }
    return Outcome.later(() -> {
      // Before the handle is forgotten: from then on no session tells the next process of it.
      contents.closing(context.handles().file(handle).inode());
      release(handle);
      return Done.DONE;
    });
  }

  private void release(long handle) {
    release(context.handles().remove(handle));
  }

  void release(Handle handle) {
    try {
      if (handle instanceof Handle.OfFile open) {
        passthrough.closed(open.node());
        contents.release(open.inode(), open.writing());
      }
    } finally {
      tree.release(handle.inode());
    }
  }

  Outcome<Attributes> setattr(long id, SetAttributes changes) {
    Inode inode = context.nodes().node(id).inode();
    return Outcome.later(() -> {
      if (AttributeChanges.mustAsk(inode) && inode instanceof FileInode file) {
        contents.verify(file);
      }
      if (changes.size().isPresent()) {
        truncate(context.nodes().node(id), context.file(id), changes);
      }
      if (!AttributeChanges.isEmpty(changes)) {
        attributes.apply(inode, changes);
      }
      tree.inodeChanged(context.session(), inode);
      return context.view().of(inode);
    });
  }

  /** truncate(2) of a path is durable when it returns; ftruncate(2) when the file is closed. */
  private void truncate(Node node, FileInode file, SetAttributes changes) {
    long size = changes.size().orElseThrow();
    boolean opened =
        changes.handle() != io.ossmount.fuse.FileSystem.NO_HANDLE
            && context.handles().file(changes.handle()).writing();
    if (opened) {
      contents.truncate(file, size);
      return;
    }
    passthrough.requireCached(node);
    if (contents.mustVerify(file, size == 0)) {
      contents.verify(file);
    }
    contents.open(file, true);
    try {
      contents.truncate(file, size);
      tree.uploads().flush(file);
    } finally {
      contents.release(file, true);
    }
  }
}
