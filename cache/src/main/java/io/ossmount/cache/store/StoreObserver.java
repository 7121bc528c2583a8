package io.ossmount.cache.store;

import java.util.Optional;

/** Is told of each single request to a store, such as to count it. Never waits. Thread-safe. */
public interface StoreObserver {
  /** What is asked of a store: the methods of {@link ObjectStore}. */
  enum Operation {
    LIST,
    HEAD,
    /** Until the answer begins. */
    GET,
    /** From there until the last byte was taken, or the rest was given up. */
    GET_BODY,
    PUT,
    COPY,
    DELETE,
    DELETE_ALL,
    START_UPLOAD,
    UPLOAD_PART,
    COPY_PART,
    COMPLETE_UPLOAD,
    ABORT_UPLOAD,
    LIST_UPLOADS,
    CHECK
  }

  /**
   * A request is over.
   *
   * @param failure what came of it; empty: it was done
   * @param nanos that it took
   */
  void ended(Operation operation, Optional<RuntimeException> failure, long nanos);

  /** Bytes of an object came. */
  void received(long bytes);

  /** Bytes of an object were taken by the store. */
  void sent(long bytes);
}
