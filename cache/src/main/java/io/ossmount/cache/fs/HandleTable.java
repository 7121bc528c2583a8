package io.ossmount.cache.fs;

import io.ossmount.fuse.Attempt;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.SessionState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The open descriptors of a session. Thread-safe. */
final class HandleTable {
  private final long epoch;
  private final NodeTable nodes;
  private final NodeRecords records;
  private final AtomicLong counter = new AtomicLong();
  private final Map<Long, Handle> handles = new ConcurrentHashMap<>();

  HandleTable(long epoch, NodeTable nodes, NodeRecords records) {
    this.epoch = epoch;
    this.nodes = nodes;
    this.records = records;
  }

  /** A new one, whose id is noted before it is written down. */
  long add(Handle handle, Attempt attempt) {
    long id = (epoch << SessionState.COUNTER_BITS) | counter.incrementAndGet();
    attempt.note(id);
    nodes.opened(handle.node());
    nodes.record(id, handle);
    handles.put(id, handle);
    return id;
  }

  /** One of an earlier server. */
  void restore(long id, Handle handle) {
    nodes.opened(handle.node());
    handles.put(id, handle);
  }

  /** What the next server has to know of a handle has changed. */
  void changed(long id, Handle handle) {
    nodes.record(id, handle);
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
    return removeIfThere(id).orElseThrow(() -> new FuseException(Errno.EBADF));
  }

  private Optional<Handle> removeIfThere(long id) {
    Optional<Handle> handle = Optional.ofNullable(handles.remove(id));
    handle.ifPresent(removed -> {
      records.remove(id);
      nodes.closed(removed.node());
    });
    return handle;
  }

  /** Takes out what an earlier server opened for the same request and told nobody of. */
  Optional<Handle> removeUntold(Attempt attempt) {
    OptionalLong noted = attempt.noted();
    return noted.isPresent() ? removeIfThere(noted.getAsLong()) : Optional.empty();
  }

  /** Files that are open. */
  long openFiles() {
    return handles.values().stream().filter(Handle.OfFile.class::isInstance).count();
  }

  /** Takes all; the next server finds them. */
  List<Handle> clear() {
    List<Handle> all = new ArrayList<>(handles.values());
    handles.clear();
    return all;
  }
}
