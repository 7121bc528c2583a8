package io.ossmount.cache.fs;

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
    FileReads reads = file.tree().reads();
    int count = reads.readNow(file, offset, into);
    return count == FileReads.MUST_WAIT
        ? Outcome.later(() -> reads.read(file, offset, into))
        : Outcome.of(count);
  }

  Outcome<Integer> write(Caller caller, long id, long handle, long offset, MemorySegment from) {
    Handle.OfFile open = context.handles().file(handle);
    if (!open.writing()) {
      throw new FuseException(Errno.EBADF);
    }
    FileInode file = open.inode();
    FileWrites writes = file.tree().writes();
    Node node = context.nodes().node(id);
    long before = file.generation();
    var what = new FileWrites.Writing(offset, open.append(), from, caller);
    int count = writes.writeNow(file, what);
    if (count != FileWrites.MUST_WAIT) {
      return Outcome.of(written(node, file, before, count));
    }
    return Outcome.later(() -> written(node, file, before, writes.write(file, what)));
  }

  private int written(Node node, FileInode file, long before, int count) {
    context.nodes().changedByKernel(node, before, before + 1);
    context.inodeChanged(file);
    return count;
  }

  Outcome<Done> flush(Caller caller, long handle) {
    Handle.OfFile open = context.handles().file(handle);
    FileInode file = open.inode();
    boolean isWorth =
        open.writing() && (context.isAsync() ? isWorthPromising(file) : isWorthFlushing(file));
    return isWorth ? Outcome.later(() -> closed(caller, file)) : Outcome.done();
  }

  private Done closed(Caller caller, FileInode file) {
    if (isLeftToOthers(caller, file)) {
      return Done.DONE;
    }
    return context.isAsync() ? promised(file) : flushed(file);
  }

  /** Whether those who have changed the file are still to close it. What is lost has to be said. */
  private boolean isLeftToOthers(Caller caller, FileInode file) {
    Authors authors;
    synchronized (file) {
      if (file.lost || !file.dirty) {
        return false;
      }
      authors = file.authors;
    }
    return authors.liveApartFrom(caller.pid(), context.processes());
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
    Handle.OfFile open = context.handles().file(handle);
    return Outcome.later(() -> flushed(open.inode()));
  }

  private Done flushed(FileInode file) {
    file.uncached(context.isUncached());
    file.tree().uploads().flush(file);
    return Done.DONE;
  }

  Outcome<Attributes> setattr(Caller caller, long id, SetAttributes changes) {
    Inode inode = context.nodes().node(id).inode();
    return Outcome.later(() -> {
      if (AttributeChanges.mustAsk(inode) && inode instanceof FileInode file) {
        file.tree().opens().verify(file);
      }
      if (changes.size().isPresent()) {
        truncate(caller, context.nodes().node(id), context.file(id), changes);
      }
      if (!AttributeChanges.isEmpty(changes)) {
        AttributeChanges.apply(inode, changes);
      }
      context.inodeChanged(inode);
      return context.view().of(inode);
    });
  }

  /** truncate(2) of a path is durable when it returns; ftruncate(2) when the file is closed. */
  private void truncate(Caller caller, Node node, FileInode file, SetAttributes changes) {
    long size = changes.size().orElseThrow();
    FileOpens opens = file.tree().opens();
    FileWrites writes = file.tree().writes();
    boolean opened =
        changes.handle() != io.ossmount.fuse.FileSystem.NO_HANDLE
            && context.handles().file(changes.handle()).writing();
    if (opened) {
      writes.truncate(file, size, caller);
      return;
    }
    passthrough.requireCached(node);
    if (opens.mustVerify(file, size == 0)) {
      opens.verify(file);
    }
    opens.open(file, true);
    try {
      writes.truncate(file, size, caller);
      if (context.isAsync()) {
        promised(file);
      } else {
        file.tree().uploads().flush(file);
      }
    } finally {
      opens.release(file, true);
    }
  }
}
