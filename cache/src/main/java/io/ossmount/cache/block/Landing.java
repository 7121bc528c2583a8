package io.ossmount.cache.block;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the bytes of a fetch go, and where readers find them. */
sealed interface Landing {
  /** Takes bytes of the object that belong at {@code position}. */
  void write(ByteBuffer bytes, long position) throws IOException;

  /** All bytes of the block were written. */
  void landed(int block, BlockSums sums);

  /** All bytes of the object were written. */
  void landed(BlockSums[] sums);

  /** Fills {@code into} with bytes that were written before. */
  void read(ByteBuffer into, long position) throws IOException;

  /** On the disk, to stay. */
  record OnDisk(VersionFiles files) implements Landing {
    @Override
    public void write(ByteBuffer bytes, long position) throws IOException {
      files.write(bytes, position);
    }

    @Override
    public void landed(int block, BlockSums sums) {
      files.present(block, sums);
    }

    @Override
    public void landed(BlockSums[] sums) {
      files.complete(sums);
    }

    @Override
    public void read(ByteBuffer into, long position) throws IOException {
      files.read(into, position);
    }
  }

  /** In memory, for those who read it now: there is no room on the disk, or it does not work. */
  record InMemory(ByteBuffer bytes, long start) implements Landing {
    @Override
    public void write(ByteBuffer more, long position) {
      bytes.put((int) (position - start), more, more.position(), more.remaining());
    }

    @Override
    public void landed(int block, BlockSums sums) {}

    @Override
    public void landed(BlockSums[] sums) {}

    @Override
    public void read(ByteBuffer into, long position) {
      into.put(bytes.slice((int) (position - start), into.remaining()));
    }
  }
}
