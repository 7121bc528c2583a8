package io.ossmount.cache.fs;

import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.SessionState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The open descriptors of a session. Thread-safe. */
final class HandleTable {
  private final long epoch;
  private final AtomicLong counter = new AtomicLong();
  private final Map<Long, Handle> handles = new ConcurrentHashMap<>();

  HandleTable(long epoch) {
    this.epoch = epoch;
  }

  long add(Handle handle) {
    long id = (epoch << SessionState.COUNTER_BITS) | counter.incrementAndGet();
    handles.put(id, handle);
    return id;
  }

  Handle.OfFile file(long id) {
    if (handles.get(id) instanceof Handle.OfFile file) {
      return file;
    }
    throw new FuseException(Errno.EBADF);
  }

  Handle.OfDirectory directory(long id) {
    if (handles.get(id) instanceof Handle.OfDirectory directory) {
      return directory;
    }
    throw new FuseException(Errno.EBADF);
  }

  Handle remove(long id) {
    Handle handle = handles.remove(id);
    if (handle == null) {
      throw new FuseException(Errno.EBADF);
    }
    return handle;
  }

  /** Files that are open. */
  long openFiles() {
    return handles.values().stream().filter(Handle.OfFile.class::isInstance).count();
  }

  /** Takes all. */
  List<Handle> clear() {
    List<Handle> all = new ArrayList<>(handles.values());
    handles.clear();
    return all;
  }
}
