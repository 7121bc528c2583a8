package io.ossmount.cache.fs;

import io.ossmount.cache.fs.NodeTable.Node;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.Caller;
import io.ossmount.fuse.Done;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.Outcome;
import io.ossmount.fuse.SetAttributes;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** A session's requests about files, but for opening them. Thread-safe. */
final class FileRequests {
  private final SessionContext context;
  private final PassthroughOpens passthrough;

  FileRequests(SessionContext context) {
    this.context = context;
    this.passthrough = context.passthrough();
  }

  Outcome<Integer> read(long handle, long offset, MemorySegment into) {
    FileInode file = context.handles().file(handle).inode();
    if (context.isUncached()) {
      Optional<ObjectVersion> past = context.uncached().version(file);
      if (past.isPresent()) {
        return Outcome.later(() -> context.uncached().read(handle, file, past.get(), offset, into));
      }
    }
    FileContents contents = file.tree().contents();
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
    FileContents contents = file.tree().contents();
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
    context.inodeChanged(file);
    return count;
  }

  Outcome<Done> flush(long handle) {
    Handle.OfFile open = context.handles().file(handle);
    if (!open.writing()) {
      return Outcome.done();
    }
    FileInode file = open.inode();
    if (!context.isAsync()) {
      return isWorthFlushing(file) ? flushed(open) : Outcome.done();
    }
    return isWorthPromising(file) ? Outcome.later(() -> promised(file)) : Outcome.done();
  }

  private static boolean isWorthPromising(FileInode file) {
    synchronized (file) {
      return file.lost || file.dirty;
    }
  }

  private Done promised(FileInode file) {
    file.uncached(context.isUncached());
    if (!file.tree().async().promise(file)) {
      file.tree().uploads().flush(file);
    }
    return Done.DONE;
  }

  /** An empty new file goes up when its last descriptor is gone. What is lost has to be said. */
  private static boolean isWorthFlushing(FileInode file) {
    synchronized (file) {
      return file.lost || (file.dirty && (file.version != null || file.staged != null));
    }
  }

  Outcome<Done> fsync(long handle) {
    return flushed(context.handles().file(handle));
  }

  private Outcome<Done> flushed(Handle.OfFile open) {
    return Outcome.later(() -> {
      open.inode().uncached(context.isUncached());
      open.inode().tree().uploads().flush(open.inode());
      return Done.DONE;
    });
  }

  Outcome<Attributes> setattr(long id, SetAttributes changes) {
    Inode inode = context.nodes().node(id).inode();
    return Outcome.later(() -> {
      if (AttributeChanges.mustAsk(inode) && inode instanceof FileInode file) {
        file.tree().contents().verify(file);
      }
      if (changes.size().isPresent()) {
        truncate(context.nodes().node(id), context.file(id), changes);
      }
      if (!AttributeChanges.isEmpty(changes)) {
        AttributeChanges.apply(inode, changes);
      }
      context.inodeChanged(inode);
      return context.view().of(inode);
    });
  }

  /** truncate(2) of a path is durable when it returns; ftruncate(2) when the file is closed. */
  private void truncate(Node node, FileInode file, SetAttributes changes) {
    long size = changes.size().orElseThrow();
    FileContents contents = file.tree().contents();
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
      if (context.isAsync()) {
        promised(file);
      } else {
        file.tree().uploads().flush(file);
      }
    } finally {
      contents.release(file, true);
    }
  }
}
