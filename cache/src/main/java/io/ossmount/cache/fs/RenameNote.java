package io.ossmount.cache.fs;

import io.ossmount.fuse.Attempt;
import java.util.Optional;

/**
 * What is noted of a request that renames a file which OSS has never had: for the next server, who
 * finds nothing of it in OSS.
 *
 * @param isMoved whether it has its new name, also for the next server; else it is about to get it
 * @param file which one, as far as that can be told; 0: one without a staging file
 */
record RenameNote(boolean isMoved, int file) {
  private static final int TAG_BITS = 8;
  private static final int MOVING = 2;
  private static final int MOVED = 3;

  static RenameNote of(FileInode file, boolean isMoved) {
    return new RenameNote(isMoved, number(file));
  }

  /** What an earlier server has noted, if it was this. */
  static Optional<RenameNote> in(Attempt attempt) {
    if (attempt.noted().isEmpty()) {
      return Optional.empty();
    }
    long value = attempt.noted().getAsLong();
    int tag = (int) value & ((1 << TAG_BITS) - 1);
    return tag == MOVING || tag == MOVED
        ? Optional.of(new RenameNote(tag == MOVED, (int) (value >> TAG_BITS)))
        : Optional.empty();
  }

  /** As it is noted; {@link NameChanges#BEGUN} is something else. */
  long value() {
    return ((long) file << TAG_BITS) | (isMoved ? MOVED : MOVING);
  }

  /**
   * Whether a local file of the new name is this one: once moved, it is whatever OSS does not have.
   */
  boolean isOf(FileInode local) {
    return number(local) == file || (isMoved && local.isNew());
  }

  private static int number(FileInode file) {
    synchronized (file) {
      return file.staged == null ? 0 : file.staged.name().hashCode();
    }
  }
}
