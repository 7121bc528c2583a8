package io.ossmount.cache.block;

import io.ossmount.cache.store.Crc64;
import io.ossmount.cache.store.ObjectVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
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
  private final LongAdder damagedBlocks;

  private VersionFiles(
      Place place, ObjectVersion version, CacheFile data, MapFile mapFile, BlockMap map) {
    this.damagedBlocks = place.damagedBlocks();
    this.version = version;
    this.blocks = new Blocks(version.size());
    this.data = data;
    this.mapFile = mapFile;
    this.map = map;
  }

  /**
   * Where the files of a version are.
   *
   * @param damagedBlocks counts blocks that are found damaged
   */
  record Place(Path directory, VersionName name, LongAdder damagedBlocks) {
    Path data() {
      return directory.resolve(name + DATA);
    }

    Path map() {
      return directory.resolve(name + MAP);
    }
  }

  /** What an earlier use or process left of the version; what is damaged is deleted. */
  static Optional<VersionFiles> load(Place place, ObjectVersion version) {
    Path data = place.data();
    Path map = place.map();
    try {
      if (!Files.exists(map)) {
        return Optional.empty();
      }
      Optional<MapFile.Loaded> loaded = MapFile.load(map, version);
      if (loaded.isPresent() && Files.size(data) == version.size()) {
        return Optional.of(
            new VersionFiles(
                place, version, new CacheFile(data), loaded.get().file(), loaded.get().map()));
      }
      log.warn("cache files {} of {} are damaged: forgotten", place.name(), version.key());
    } catch (IOException e) {
      log.warn("cache files {} of {} cannot be read: forgotten", place.name(), version.key(), e);
    }
    delete(place.directory(), place.name());
    return Optional.empty();
  }

  /** Makes the files of a version of which nothing is there. */
  static VersionFiles create(Place place, ObjectVersion version) throws IOException {
    Files.createDirectories(place.directory());
    MapFile map = MapFile.create(place.map(), version);
    CacheFile data = CacheFile.create(place.data(), version.size());
    BlockMap nothing = new BlockMap(new Blocks(version.size()).count());
    return new VersionFiles(place, version, data, map, nothing);
  }

  /** Makes {@code file}, which has the bytes of the version, the data file. */
  static VersionFiles adopt(Place place, ObjectVersion version, Path file) throws IOException {
    Files.createDirectories(place.directory());
    MapFile mapFile = MapFile.create(place.map(), version);
    BlockMap map = new BlockMap(new Blocks(version.size()).count());
    mapFile.allocate(0, map.count());
    Path data = place.data();
    Files.move(file, data, StandardCopyOption.REPLACE_EXISTING);
    for (int block = 0; block < map.count(); block++) {
      map.present(block, 0);
    }
    return new VersionFiles(place, version, new CacheFile(data), mapFile, map);
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

  void allocate(int first, int count) throws IOException {
    for (int block = first; block < first + count; block++) {
      map.allocate(block);
    }
    mapFile.allocate(first, count);
  }

  void write(ByteBuffer bytes, long position) throws IOException {
    data.write(bytes, position);
  }

  /** All bytes of the block were written. */
  void present(int block, int checksum) {
    map.present(block, checksum);
    persist(block, checksum);
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
    ByteBuffer bytes = ByteBuffer.allocate(blocks.length(block));
    data.read(bytes, Blocks.start(block));
    CRC32C crc = new CRC32C();
    crc.update(bytes.flip());
    return (int) crc.getValue();
  }

  /** CRC64 of the object, all of which is there. */
  long crc64() throws IOException {
    Crc64 crc = new Crc64();
    ByteBuffer bytes = ByteBuffer.allocate(Blocks.SIZE);
    for (int block = 0; block < blocks.count(); block++) {
      data.read(bytes.clear().limit(blocks.length(block)), Blocks.start(block));
      crc.update(bytes.flip());
    }
    return crc.value();
  }

  /** The block is not what it was: it has to be fetched again. */
  void damaged(int block, String why) {
    damagedBlocks.increment();
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

  private void persist(int block, int checksum) {
    try {
      mapFile.present(block, checksum);
    } catch (IOException e) {
      // The bytes are right; only the next process will not know it.
      log.warn("cannot write the map of {}", version.key(), e);
    }
  }

  static long pages(long bytes) {
    return (bytes + PAGE - 1) / PAGE * PAGE;
  }
}
