package io.ossmount.cache.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.ossmount.cache.store.ObjectVersion;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What a process leaves to the next one about a version: which blocks are in its data file, and
 * their checksums.
 *
 * <p>A header, padded to 8 bytes, and 8 bytes for each block: its state and its CRC32C. A block is
 * written to the data file first and is said to be present after that, so that a process that is
 * killed in between loses the block and nothing else. After a power failure the two may not fit
 * together: the checksum tells.
 */
final class MapFile implements AutoCloseable {
  private static final int MAGIC = 0x4F534D42;
  private static final int FORMAT = 1;
  private static final int FIXED_BYTES = 32;
  private static final int ENTRY_BYTES = 8;
  private static final int ABSENT = 0;
  private static final int ALLOCATED = 0x616C6C6F;
  private static final int PRESENT = 0x70726573;

  private final CacheFile file;
  private final ByteBuffer header;
  private final int count;

  @GuardedBy("this")
  private boolean exists;

  private MapFile(CacheFile file, ByteBuffer header, int count, boolean exists) {
    this.file = file;
    this.header = header;
    this.count = count;
    this.exists = exists;
  }

  /** A map that was read. */
  record Loaded(MapFile file, BlockMap map) {}

  /** The map of a version of which nothing is there; the file is made with its first entry. */
  static MapFile create(Path path, ObjectVersion version) {
    return new MapFile(new CacheFile(path), header(version), count(version), false);
  }

  /** Reads the map of {@code version}; empty when it is not that, or damaged. */
  static Optional<Loaded> load(Path path, ObjectVersion version) throws IOException {
    ByteBuffer header = header(version);
    ByteBuffer all = ByteBuffer.wrap(bytesOf(path));
    int size = header.remaining();
    if (all.remaining() != size + (long) ENTRY_BYTES * count(version)
        || !all.slice(0, size).equals(header)) {
      return Optional.empty();
    }
    BlockMap map = entries(all.position(size), count(version));
    return Optional.of(
        new Loaded(new MapFile(new CacheFile(path), header, map.count(), true), map));
  }

  /** Reads a map of which only the file is known; empty when it is damaged or of another format. */
  static Optional<BlocksOnDisk> peek(Path path) throws IOException {
    ByteBuffer all = ByteBuffer.wrap(bytesOf(path));
    try {
      if (all.getInt() != MAGIC || all.getInt() != FORMAT || all.getInt() != Blocks.SIZE) {
        return Optional.empty();
      }
      int headerBytes = all.getInt();
      // Before anything else is believed of it, such as how many blocks there are.
      if (all.getInt(headerBytes - Integer.BYTES) != checksum(all, headerBytes)) {
        return Optional.empty();
      }
      Blocks blocks = new Blocks(all.getLong());
      if (all.limit() != headerBytes + (long) ENTRY_BYTES * blocks.count()) {
        return Optional.empty();
      }
      return Optional.of(
          new BlocksOnDisk(blocks, entries(all.position(headerBytes), blocks.count())));
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /** What {@link #peek} finds. */
  record BlocksOnDisk(Blocks blocks, BlockMap map) {}

  /** Most bytes that the map of a version takes. */
  static long bytes(ObjectVersion version) {
    return header(version).remaining() + (long) ENTRY_BYTES * count(version);
  }

  /** The blocks are about to be written. */
  void allocate(int first, int some) throws IOException {
    ByteBuffer entries = ByteBuffer.allocate(ENTRY_BYTES * some);
    for (int i = 0; i < some; i++) {
      entries.putInt(ALLOCATED).putInt(0);
    }
    write(first, entries.flip());
  }

  /** The block is in the data file. */
  void present(int block, int checksum) throws IOException {
    write(block, ByteBuffer.allocate(ENTRY_BYTES).putInt(PRESENT).putInt(checksum).flip());
  }

  /** All blocks are in the data file. */
  void complete(BlockSums[] sums) throws IOException {
    ByteBuffer entries = ByteBuffer.allocate(ENTRY_BYTES * sums.length);
    for (BlockSums of : sums) {
      entries.putInt(PRESENT).putInt(of.crc32c());
    }
    write(0, entries.flip());
  }

  Path path() {
    return file.path();
  }

  @Override
  public void close() {
    file.close();
  }

  private void write(int block, ByteBuffer entries) throws IOException {
    int start = header.remaining() + ENTRY_BYTES * block;
    if (!makeWith(start, entries)) {
      file.write(entries, start);
    }
  }

  /** Writes all of the file at once, so that nobody finds a part of it. */
  private synchronized boolean makeWith(int start, ByteBuffer entries) throws IOException {
    if (exists) {
      return false;
    }
    try (CacheFile empty = CacheFile.create(file.path(), 0)) {
      ByteBuffer all = ByteBuffer.allocate(header.remaining() + ENTRY_BYTES * count);
      empty.write(
          all.put(0, header, 0, header.remaining()).put(start, entries, 0, entries.remaining()), 0);
    }
    exists = true;
    return true;
  }

  /** Unlike that of a channel, this read does not notice an interrupt. */
  private static byte[] bytesOf(Path path) throws IOException {
    try (FileInputStream in = new FileInputStream(path.toFile())) {
      return in.readAllBytes();
    }
  }

  private static int count(ObjectVersion version) {
    return new Blocks(version.size()).count();
  }

  private static BlockMap entries(ByteBuffer from, int count) {
    BlockMap map = new BlockMap(count);
    for (int block = 0; block < count; block++) {
      int state = from.getInt();
      int checksum = from.getInt();
      if (state == PRESENT) {
        map.remembered(block, checksum);
      } else if (state != ABSENT) {
        map.allocate(block);
      }
    }
    return map;
  }

  private static ByteBuffer header(ObjectVersion version) {
    byte[] key = version.key().getBytes(StandardCharsets.UTF_8);
    byte[] etag = version.etag().getBytes(StandardCharsets.UTF_8);
    int size = (FIXED_BYTES + key.length + etag.length + Integer.BYTES + 7) & ~7;
    ByteBuffer header = ByteBuffer.allocate(size);
    header.putInt(MAGIC).putInt(FORMAT).putInt(Blocks.SIZE).putInt(size).putLong(version.size());
    header.putInt(key.length).putInt(etag.length).put(key).put(etag);
    header.putInt(size - Integer.BYTES, checksum(header, size));
    return header.rewind();
  }

  private static int checksum(ByteBuffer bytes, int headerBytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(0, headerBytes - Integer.BYTES));
    return (int) crc.getValue();
  }
}
