package io.ossmount.fuse;

import java.util.OptionalLong;

/**
 * One try at a request that changes something or hands out a handle. A server that is killed may
 * have done a part of it, all of it, or nothing; what it noted before that is what the next server,
 * which tries again, is told. Used by who works on the request, one thread at a time.
 */
public interface Attempt {
  /** The first try, by who will not be followed by another one: notes are not kept. */
  Attempt FIRST =
      new Attempt() {
        @Override
        public OptionalLong noted() {
          return OptionalLong.empty();
        }

        @Override
        public void note(long value) {}
      };

  /**
   * What an earlier server noted last for this very request; empty: nothing, so it began nothing
   * that is noted before it is begun. What is noted now does not change it.
   */
  OptionalLong noted();

  /**
   * Notes how far the work is, to be called before what it tells of is done. Costs a few stores;
   * whole or not at all, whenever the process is killed.
   *
   * @param value of a meaning of the file system's own; replaces the one before
   */
  void note(long value);
}
