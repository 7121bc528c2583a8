package io.ossmount.fuse;

/**
 * What a file system keeps for the next server of its session, in memory that outlives the process.
 * A record is there whole or not at all, whenever the process is killed. Thread-safe; never waits.
 */
public interface SessionRecords {
  /** Largest body, in bytes. */
  int MAX_BYTES = 4048;

  /** Largest body that takes a small room, in bytes. There are 16 times as many of these. */
  int SMALL_BYTES = 464;

  /** Count of a handle that the kernel gave up while there was no server: it is not open. */
  long RELEASED = -1;

  /** What a record is about. */
  enum Kind {
    NODE,
    HANDLE
  }

  /**
   * Which record.
   *
   * @param id of the node or handle
   */
  record Key(Kind kind, long id) {}

  /** Is shown a record. */
  @FunctionalInterface
  interface Visitor {
    /** A record with its count. */
    void record(Key key, long count, byte[] body);
  }

  /** Keeps nothing, and has room for all. */
  SessionRecords NONE =
      new SessionRecords() {
        @Override
        public boolean put(Key key, byte[] body) {
          return true;
        }

        @Override
        public void count(Key key, long count) {}

        @Override
        public void remove(Key key) {}

        @Override
        public void forEach(Visitor visitor) {}
      };

  /**
   * Puts a record in, or replaces one, whose count stays; that of a new one is 0. To be called
   * before the answer is sent that tells the kernel of it.
   *
   * @return false: there is no room of its size, or the body is too long; there is no such record
   *     now. What is there is replaced by a body of the same size, small or not, however full it is
   */
  boolean put(Key key, byte[] body);

  /** Sets the count of a record, if it is there. */
  void count(Key key, long count);

  /** Takes a record out, if it is there. */
  void remove(Key key);

  /** Shows all records, in no order. Nothing may be changed meanwhile. */
  void forEach(Visitor visitor);
}
