package io.ossmount.cache.fs;

import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.OpenFlags;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A file system that is asked directly. */
final class MountedTarget implements Target {
  private final Mounted mounted;

  MountedTarget(Mounted mounted) {
    this.mounted = mounted;
  }

  private record Opened(Mounted.Open open) implements OpenFile {
    @Override
    public void write(long offset, byte[] bytes) {
      open.write(offset, bytes);
    }

    @Override
    public byte[] read(long offset, int length) {
      return open.read(offset, length);
    }

    @Override
    public long size() {
      return open.stat().size();
    }

    @Override
    public void truncate(long size) {
      open.truncate(size);
    }

    @Override
    public void fsync() {
      open.fsync();
    }

    @Override
    public void close() {
      open.close();
    }
  }

  @Override
  public OpenFile create(String path) {
    return new Opened(mounted.create(path, OpenFlags.READ_WRITE | OpenFlags.EXCLUSIVE, 0644));
  }

  @Override
  public OpenFile open(String path, boolean writing, boolean append, boolean truncate) {
    return new Opened(mounted.open(path, flags(writing, append, truncate)));
  }

  static int flags(boolean writing, boolean append, boolean truncate) {
    return (writing ? OpenFlags.READ_WRITE : OpenFlags.READ_ONLY)
        | (append ? OpenFlags.APPEND : 0)
        | (truncate ? OpenFlags.TRUNCATE : 0);
  }

  @Override
  public void truncate(String path, long size) {
    mounted.truncate(path, size);
  }

  @Override
  public void unlink(String path) {
    mounted.unlink(path);
  }

  @Override
  public void mkdir(String path) {
    mounted.mkdir(path);
  }

  @Override
  public void rmdir(String path) {
    mounted.rmdir(path);
  }

  @Override
  public void rename(String from, String to) {
    mounted.rename(from, to);
  }

  @Override
  public Set<String> list(String path) {
    Set<String> names = new TreeSet<>();
    for (Map.Entry<String, Attributes> entry : mounted.list(path, 7).entrySet()) {
      boolean directory = (entry.getValue().mode() & Attributes.TYPE_MASK) == Attributes.DIRECTORY;
      names.add(directory ? entry.getKey() + "/" : entry.getKey());
    }
    return names;
  }

  @Override
  public byte[] read(String path) {
    return mounted.read(path);
  }
}
