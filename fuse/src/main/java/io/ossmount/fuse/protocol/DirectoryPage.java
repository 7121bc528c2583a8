package io.ossmount.fuse.protocol;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.DirectoryEntries;
import io.ossmount.fuse.Entry;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/**
 * One answer to READDIR or READDIRPLUS: {@code fuse_dirent}s, in READDIRPLUS each behind its {@code
 * fuse_entry_out}.
 */
final class DirectoryPage implements DirectoryEntries {
  private static final Entry NOT_LOOKED_UP = Entry.negative(Duration.ZERO);

  private final MemorySegment page;
  private final boolean plus;
  private int used;
  private boolean refused;

  /** Fills {@code page} from its start. */
  DirectoryPage(MemorySegment page, boolean plus) {
    this.page = page;
    this.plus = plus;
  }

  @Override
  public boolean withAttributes() {
    return plus;
  }

  @Override
  public boolean offer(String name, long inode, int type, long offset) {
    return put(name, NOT_LOOKED_UP, inode, type, offset);
  }

  @Override
  public boolean offer(String name, Entry entry, long offset) {
    if (!plus) {
      throw new IllegalStateException("an entry with attributes is wanted by READDIRPLUS only");
    }
    Attributes attributes = entry.attributes();
    return put(name, entry, attributes.inode(), attributes.mode(), offset);
  }

  private boolean put(String name, Entry entry, long inode, int type, long offset) {
    byte[] bytes = Names.encode(name);
    int entryBytes = plus ? EntryOut.BYTES : 0;
    int size = entryBytes + Wire.aligned(DirentHeader.BYTES + bytes.length);
    if (size > page.byteSize() - used) {
      refused = true;
      return false;
    }
    MemorySegment record = page.asSlice(used, size);
    if (plus) {
      EntryOut.encode(entry, record);
    }
    MemorySegment dirent = record.asSlice(entryBytes);
    int fileType = (type & Attributes.TYPE_MASK) >>> 12;
    new DirentHeader(inode, offset, bytes.length, fileType).encode(dirent);
    MemorySegment.copy(bytes, 0, dirent, JAVA_BYTE, DirentHeader.BYTES, bytes.length);
    dirent.asSlice(DirentHeader.BYTES + bytes.length).fill((byte) 0);
    used += size;
    return true;
  }

  /** Bytes that are filled. */
  int bytes() {
    return used;
  }

  /** Whether not even one entry had room: an empty answer would mean the end of the listing. */
  boolean isTooSmall() {
    return refused && used == 0;
  }
}
