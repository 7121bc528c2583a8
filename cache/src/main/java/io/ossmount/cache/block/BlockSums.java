package io.ossmount.cache.block;

/**
 * Checksums of the bytes of a block.
 *
 * @param crc32c what is kept beside the block, and compared when it is read after a restart
 * @param crc64 what, put together, OSS tells of the object; 0: not computed
 */
record BlockSums(int crc32c, long crc64) {
  /** Of a block whose CRC64 nobody will ask for. */
  static BlockSums of(int crc32c) {
    return new BlockSums(crc32c, 0);
  }
}
