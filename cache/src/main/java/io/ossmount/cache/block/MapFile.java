package io.ossmount.cache.block;

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
  private final int headerBytes;

  private MapFile(CacheFile file, int headerBytes) {
    this.file = file;
    this.headerBytes = headerBytes;
  }

  /** A map that was read. */
  record Loaded(MapFile file, BlockMap map) {}

  /** Makes the map of a version of which nothing is there. */
  static MapFile create(Path path, ObjectVersion version) throws IOException {
    ByteBuffer header = header(version);
    CacheFile file =
        CacheFile.create(path, header.remaining() + (long) ENTRY_BYTES * count(version));
    file.write(header, 0);
    return new MapFile(file, header.remaining());
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
    return Optional.of(new Loaded(new MapFile(new CacheFile(path), size), map));
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
  void allocate(int first, int count) throws IOException {
    ByteBuffer entries = ByteBuffer.allocate(ENTRY_BYTES * count);
    for (int i = 0; i < count; i++) {
      entries.putInt(ALLOCATED).putInt(0);
    }
    write(first, entries.flip());
  }

  /** The block is in the data file. */
  void present(int block, int checksum) throws IOException {
    write(block, ByteBuffer.allocate(ENTRY_BYTES).putInt(PRESENT).putInt(checksum).flip());
  }

  Path path() {
    return file.path();
  }

  @Override
  public void close() {
    file.close();
  }

  private void write(int block, ByteBuffer entries) throws IOException {
    file.write(entries, headerBytes + (long) ENTRY_BYTES * block);
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
