package io.ossmount.fuse.testing;

import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.Caller;
import io.ossmount.fuse.Created;
import io.ossmount.fuse.DirectoryEntries;
import io.ossmount.fuse.Done;
import io.ossmount.fuse.Entry;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.OpenFlags;
import io.ossmount.fuse.Opened;
import io.ossmount.fuse.Outcome;
import io.ossmount.fuse.SessionState;
import io.ossmount.fuse.SetAttributes;
import io.ossmount.fuse.Statistics;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A whole file system in memory, as simple as can be: one lock for all of it, files below 2 GiB.
 * Tests override what they want otherwise.
 */
public class MemoryFileSystem implements FileSystem {
  private static final Opened OPENED = new Opened(1, Set.of());

  private final Map<Long, MemoryNode> nodes = new HashMap<>();
  private final Duration validity;
  private final AtomicInteger destroyed = new AtomicInteger();
  private long nextId;

  /** An empty one whose names and attributes the kernel may hold for {@code validity}. */
  public MemoryFileSystem(SessionState state, Duration validity) {
    this.validity = validity;
    this.nextId = state.epoch() << SessionState.COUNTER_BITS;
    nodes.put(ROOT, new MemoryNode(ROOT, Attributes.DIRECTORY | 0755, 0, 0));
  }

  /** An empty one of which the kernel holds nothing. */
  public MemoryFileSystem(SessionState state) {
    this(state, Duration.ZERO);
  }

  /** How often the session has said that it is over. */
  public int destroyed() {
    return destroyed.get();
  }

  /** Puts a file into the root, from the server's side. */
  public long putFile(String name, byte[] content) {
    synchronized (nodes) {
      MemoryNode node = make(ROOT, name, Attributes.REGULAR | 0644, new Caller(0, 0, 0));
      node.write(0, MemorySegment.ofArray(content));
      return node.id;
    }
  }

  /** Changes a file from the server's side. */
  public void overwrite(long node, byte[] content) {
    synchronized (nodes) {
      node(node).truncate(0);
      node(node).write(0, MemorySegment.ofArray(content));
    }
  }

  /** Gives a name of the root to another file, from the server's side. */
  public void replaceFile(String name, byte[] content) {
    synchronized (nodes) {
      node(ROOT).children.remove(name);
      putFile(name, content);
    }
  }

  @Override
  public Outcome<Entry> lookup(Caller caller, long parent, String name) {
    synchronized (nodes) {
      MemoryNode child = directory(parent).children.get(name);
      return Outcome.of(child == null ? Entry.negative(Duration.ZERO) : entry(child));
    }
  }

  @Override
  public Outcome<Attributes> getattr(Caller caller, long node, long handle) {
    synchronized (nodes) {
      return Outcome.of(node(node).attributes(validity));
    }
  }

  @Override
  public Outcome<Attributes> setattr(Caller caller, long node, SetAttributes changes) {
    synchronized (nodes) {
      node(node).set(changes);
      return Outcome.of(node(node).attributes(validity));
    }
  }

  @Override
  public Outcome<String> readlink(Caller caller, long node) {
    synchronized (nodes) {
      if (node(node).type() != Attributes.SYMLINK) {
        throw new FuseException(Errno.EINVAL);
      }
      return Outcome.of(node(node).target);
    }
  }

  @Override
  public Outcome<Entry> symlink(Caller caller, long parent, String name, String target) {
    synchronized (nodes) {
      MemoryNode link = make(parent, name, Attributes.SYMLINK | 0777, caller);
      link.target = target;
      return Outcome.of(entry(link));
    }
  }

  @Override
  public Outcome<Entry> mkdir(Caller caller, long parent, String name, int mode) {
    synchronized (nodes) {
      return Outcome.of(entry(make(parent, name, Attributes.DIRECTORY | mode, caller)));
    }
  }

  @Override
  public Outcome<Done> unlink(Caller caller, long parent, String name) {
    synchronized (nodes) {
      child(parent, name).links--;
      directory(parent).children.remove(name);
      return Outcome.done();
    }
  }

  @Override
  public Outcome<Done> rmdir(Caller caller, long parent, String name) {
    synchronized (nodes) {
      requireEmpty(child(parent, name));
      directory(parent).children.remove(name);
      directory(parent).links--;
      return Outcome.done();
    }
  }

  @Override
  public Outcome<Done> rename(
      Caller caller, long parent, String name, long newParent, String newName, int flags) {
    synchronized (nodes) {
      if (flags != 0) {
        throw new FuseException(Errno.EINVAL);
      }
      MemoryNode moved = child(parent, name);
      MemoryNode replaced = directory(newParent).children.get(newName);
      if (replaced != null && replaced.isDirectory()) {
        requireEmpty(replaced);
      }
      directory(parent).children.remove(name);
      directory(newParent).children.put(newName, moved);
      return Outcome.done();
    }
  }

  @Override
  public Outcome<Opened> open(Caller caller, long node, int flags) {
    synchronized (nodes) {
      if ((flags & OpenFlags.TRUNCATE) != 0) {
        node(node).truncate(0);
      }
      return Outcome.of(OPENED);
    }
  }

  @Override
  public Outcome<Created> create(Caller caller, long parent, String name, int mode, int flags) {
    synchronized (nodes) {
      MemoryNode node = make(parent, name, Attributes.REGULAR | (mode & 07777), caller);
      return Outcome.of(new Created(entry(node), OPENED));
    }
  }

  @Override
  public Outcome<Integer> read(
      Caller caller, long node, long handle, long offset, MemorySegment into) {
    synchronized (nodes) {
      return Outcome.of(node(node).read(offset, into));
    }
  }

  @Override
  public Outcome<Integer> write(
      Caller caller, long node, long handle, long offset, MemorySegment from) {
    synchronized (nodes) {
      return Outcome.of(node(node).write(offset, from));
    }
  }

  @Override
  public Outcome<Done> flush(Caller caller, long node, long handle) {
    return Outcome.done();
  }

  @Override
  public Outcome<Done> release(long node, long handle) {
    return Outcome.done();
  }

  @Override
  public Outcome<Done> fsync(Caller caller, long node, long handle, boolean dataOnly) {
    return Outcome.done();
  }

  @Override
  public Outcome<Opened> opendir(Caller caller, long node) {
    return Outcome.of(OPENED);
  }

  @Override
  public Outcome<Done> readdir(
      Caller caller, long node, long handle, long offset, DirectoryEntries into) {
    synchronized (nodes) {
      int at = 0;
      for (var child : directory(node).children.entrySet()) {
        if (at++ >= offset && !offer(child.getKey(), child.getValue(), at, into)) {
          break;
        }
      }
      return Outcome.done();
    }
  }

  private boolean offer(String name, MemoryNode child, long offset, DirectoryEntries into) {
    return into.withAttributes()
        ? into.offer(name, entry(child), offset)
        : into.offer(name, child.id, child.type(), offset);
  }

  @Override
  public Outcome<Done> releasedir(long node, long handle) {
    return Outcome.done();
  }

  @Override
  public Outcome<Statistics> statfs(Caller caller, long node) {
    return Outcome.of(new Statistics(4096, 1 << 20, 1 << 19, 1 << 16, 1 << 15, 255));
  }

  @Override
  public void destroy() {
    destroyed.incrementAndGet();
  }

  private Entry entry(MemoryNode node) {
    return new Entry(node.id, validity, node.attributes(validity));
  }

  private MemoryNode make(long parent, String name, int mode, Caller caller) {
    MemoryNode directory = directory(parent);
    if (directory.children.containsKey(name)) {
      throw new FuseException(Errno.EEXIST);
    }
    MemoryNode node = new MemoryNode(++nextId, mode, caller.uid(), caller.gid());
    nodes.put(node.id, node);
    directory.children.put(name, node);
    directory.links += node.isDirectory() ? 1 : 0;
    directory.touch();
    return node;
  }

  private MemoryNode child(long parent, String name) {
    MemoryNode child = directory(parent).children.get(name);
    if (child == null) {
      throw new FuseException(Errno.ENOENT);
    }
    return child;
  }

  private MemoryNode directory(long id) {
    MemoryNode node = node(id);
    if (!node.isDirectory()) {
      throw new FuseException(Errno.ENOTDIR);
    }
    return node;
  }

  private MemoryNode node(long id) {
    MemoryNode node = nodes.get(id);
    if (node == null) {
      throw new FuseException(Errno.ESTALE);
    }
    return node;
  }

  private static void requireEmpty(MemoryNode directory) {
    if (!directory.children.isEmpty()) {
      throw new FuseException(Errno.ENOTEMPTY);
    }
  }
}
