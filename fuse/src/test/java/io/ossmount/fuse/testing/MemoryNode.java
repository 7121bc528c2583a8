package io.ossmount.fuse.testing;

import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.SetAttributes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.TreeMap;

/** A file, directory or link of {@link MemoryFileSystem}, which guards it. */
final class MemoryNode {
  final long id;

  /** Of a directory: the names in it. */
  final TreeMap<String, MemoryNode> children = new TreeMap<>();

  String target = "";
  int links;
  private byte[] bytes = new byte[0];
  private int size;
  private int mode;
  private int uid;
  private int gid;
  private Instant accessed = Instant.now();
  private Instant modified = accessed;
  private Instant changed = accessed;

  MemoryNode(long id, int mode, int uid, int gid) {
    this.id = id;
    this.mode = mode;
    this.uid = uid;
    this.gid = gid;
    this.links = isDirectory() ? 2 : 1;
  }

  boolean isDirectory() {
    return (mode & Attributes.TYPE_MASK) == Attributes.DIRECTORY;
  }

  int type() {
    return mode & Attributes.TYPE_MASK;
  }

  int size() {
    return size;
  }

  Attributes attributes(Duration validity) {
    long shown = target.isEmpty() ? size : target.length();
    return new Attributes(id, shown, mode, links, uid, gid, accessed, modified, changed, validity);
  }

  void set(SetAttributes changes) {
    changes.size().ifPresent(this::truncate);
    changes.mode().ifPresent(permissions -> mode = type() | (permissions & 07777));
    changes.uid().ifPresent(owner -> uid = owner);
    changes.gid().ifPresent(group -> gid = group);
    changes.accessed().ifPresent(time -> accessed = time);
    changes.modified().ifPresent(time -> modified = time);
    changed = Instant.now();
  }

  void truncate(long length) {
    reserve((int) length);
    if (length < size) {
      Arrays.fill(bytes, (int) length, size, (byte) 0);
    }
    size = (int) length;
    touch();
  }

  int read(long offset, MemorySegment into) {
    int count = (int) Math.clamp(size - offset, 0, into.byteSize());
    if (count > 0) {
      MemorySegment.copy(bytes, (int) offset, into, ValueLayout.JAVA_BYTE, 0, count);
    }
    return count;
  }

  int write(long offset, MemorySegment from) {
    int end = Math.toIntExact(offset + from.byteSize());
    reserve(end);
    MemorySegment.copy(from, ValueLayout.JAVA_BYTE, 0, bytes, (int) offset, (int) from.byteSize());
    size = Math.max(size, end);
    touch();
    return (int) from.byteSize();
  }

  void touch() {
    modified = Instant.now();
    changed = modified;
  }

  private void reserve(int length) {
    if (length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length, bytes.length + bytes.length / 2));
    }
  }
}
