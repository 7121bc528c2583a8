package io.ossmount.cache.block;

import io.ossmount.cache.store.Crc64;
import io.ossmount.cache.store.ObjectVersion;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two files of a version: its bytes, with holes where blocks are absent, and its {@link
 * MapFile}. Thread-safe; who calls sees to it that a block is written by one thread at a time.
 */
final class VersionFiles implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(VersionFiles.class);
  static final String DATA = ".data";
  static final String MAP = ".map";
  private static final int PAGE = 4096;

  private final ObjectVersion version;
  private final Blocks blocks;
  private final CacheFile data;
  private final MapFile mapFile;
  private final BlockMap map;

  /** Whether the data file has its length already; changed by who allocates, one at a time. */
  private boolean sized = true;

  private VersionFiles(ObjectVersion version, CacheFile data, MapFile mapFile, BlockMap map) {
    this.version = version;
    this.blocks = new Blocks(version.size());
    this.data = data;
    this.mapFile = mapFile;
    this.map = map;
  }

  /** What an earlier use or process left of the version; what is damaged is deleted. */
  static Optional<VersionFiles> load(Path directory, VersionName name, ObjectVersion version) {
    Path data = directory.resolve(name + DATA);
    Path map = directory.resolve(name + MAP);
    try {
      if (!Files.exists(map)) {
        return Optional.empty();
      }
      Optional<MapFile.Loaded> loaded = MapFile.load(map, version);
      if (loaded.isPresent() && Files.size(data) == version.size()) {
        return Optional.of(
            new VersionFiles(
                version, new CacheFile(data), loaded.get().file(), loaded.get().map()));
      }
      log.warn("cache files {} of {} are damaged: forgotten", name, version.key());
    } catch (IOException e) {
      log.warn("cache files {} of {} cannot be read: forgotten", name, version.key(), e);
    }
    delete(directory, name);
    return Optional.empty();
  }

  /**
   * Makes the files of a version of which nothing is there.
   *
   * @param whole all of it will be written before a part of it is said to be present
   */
  static VersionFiles create(Path directory, VersionName name, ObjectVersion version, boolean whole)
      throws IOException {
    MapFile map = MapFile.create(directory.resolve(name + MAP), version);
    CacheFile data = createData(directory.resolve(name + DATA), whole ? 0 : version.size());
    BlockMap nothing = new BlockMap(new Blocks(version.size()).count());
    VersionFiles made = new VersionFiles(version, data, map, nothing);
    made.sized = !whole;
    return made;
  }

  /** Also in a directory that was deleted under us. */
  private static CacheFile createData(Path path, long size) throws IOException {
    try {
      return CacheFile.create(path, size);
    } catch (FileNotFoundException e) {
      Files.createDirectories(path.getParent());
      return CacheFile.create(path, size);
    }
  }

  /** Makes {@code file}, which has the bytes of the version, the data file. */
  static VersionFiles adopt(Path directory, VersionName name, ObjectVersion version, Path file)
      throws IOException {
    Files.createDirectories(directory);
    MapFile mapFile = MapFile.create(directory.resolve(name + MAP), version);
    BlockMap map = new BlockMap(new Blocks(version.size()).count());
    mapFile.allocate(0, map.count());
    Path data = directory.resolve(name + DATA);
    Files.move(file, data, StandardCopyOption.REPLACE_EXISTING);
    for (int block = 0; block < map.count(); block++) {
      map.present(block, BlockSums.of(0));
    }
    return new VersionFiles(version, new CacheFile(data), mapFile, map);
  }

  /** Deletes the files of a name, whether they are there or not. */
  static void delete(Path directory, VersionName name) {
    for (String suffix : new String[] {DATA, MAP}) {
      try {
        Files.deleteIfExists(directory.resolve(name + suffix));
      } catch (IOException e) {
        log.warn("cannot delete {}{}", name, suffix, e);
      }
    }
  }

  /** Bytes that the map takes on disk. */
  static long overheadBytes(ObjectVersion version) {
    return pages(MapFile.bytes(version));
  }

  /** Bytes that a block takes on disk. */
  static long bytesOf(Blocks blocks, int block) {
    return pages(blocks.length(block));
  }

  /** Bytes on disk of the blocks that a map tells of. */
  static long allocatedBytes(Blocks blocks, BlockMap map) {
    long bytes = 0;
    for (int block = 0; block < map.count(); block++) {
      if (map.isAllocated(block)) {
        bytes += bytesOf(blocks, block);
      }
    }
    return bytes;
  }

  /** The data file. */
  Path path() {
    return data.path();
  }

  BlockMap map() {
    return map;
  }

  long bytes() {
    return overheadBytes(version) + allocatedBytes(blocks, map);
  }

  /**
   * The blocks are about to be written.
   *
   * @param whole they are all that there are: without the map that says so when they are there, the
   *     next process deletes them
   */
  void allocate(int first, int count, boolean whole) throws IOException {
    for (int block = first; block < first + count; block++) {
      map.allocate(block);
    }
    if (!whole) {
      if (!sized) {
        data.extend(version.size());
        sized = true;
      }
      mapFile.allocate(first, count);
    }
  }

  void write(ByteBuffer bytes, long position) throws IOException {
    data.write(bytes, position);
  }

  /** All bytes of the block were written. */
  void present(int block, BlockSums sums) {
    map.present(block, sums);
    try {
      mapFile.present(block, sums.crc32c());
    } catch (IOException e) {
      notRemembered(e);
    }
  }

  /** All bytes of the object were written. */
  void complete(BlockSums[] sums) {
    for (int block = 0; block < sums.length; block++) {
      map.present(block, sums[block]);
    }
    try {
      mapFile.complete(sums);
    } catch (IOException e) {
      notRemembered(e);
    }
  }

  /**
   * Whether the block can be read; looks at its checksum if an earlier process wrote it.
   *
   * @return false: absent, or damaged and from now on absent
   */
  boolean isReadable(int block) {
    if (map.isVerified(block)) {
      return true;
    }
    if (!map.isPresent(block)) {
      return false;
    }
    try {
      if (checksum(block) == map.checksum(block)) {
        map.verified(block);
        return true;
      }
      damaged(block, "its checksum is wrong");
    } catch (IOException e) {
      damaged(block, e.toString());
    }
    return false;
  }

  void read(ByteBuffer into, long position) throws IOException {
    data.read(into, position);
  }

  /** CRC32C of the block as it is in the file. */
  int checksum(int block) throws IOException {
    CRC32C crc = new CRC32C();
    crc.update(bytes(block));
    return (int) crc.getValue();
  }

  private ByteBuffer bytes(int block) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(blocks.length(block));
    data.read(bytes, Blocks.start(block));
    return bytes.flip();
  }

  /** CRC64 of the object, all of which is there; reads what this process has not fetched. */
  long crc64() throws IOException {
    long crc = 0;
    for (int block = 0; block < blocks.count(); block++) {
      long known = map.crc64(block);
      crc = Crc64.combine(crc, known == 0 ? Crc64.of(bytes(block)) : known, blocks.length(block));
    }
    return crc;
  }

  /** The block is not what it was: it has to be fetched again. */
  void damaged(int block, String why) {
    log.warn("block {} of {} in the cache is damaged: {}", block, version.key(), why);
    map.allocate(block);
    try {
      mapFile.allocate(block, 1);
    } catch (IOException e) {
      log.warn("cannot say so in the map of {}", version.key(), e);
    }
  }

  @Override
  public void close() {
    data.close();
    mapFile.close();
  }

  /** The bytes are right; only the next process will not know it. */
  private void notRemembered(IOException e) {
    log.warn("cannot write the map of {}", version.key(), e);
  }

  static long pages(long bytes) {
    return (bytes + PAGE - 1) / PAGE * PAGE;
  }
}
