package io.ossmount.cache.fs;

import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.write.StagedFile;
import io.ossmount.cache.write.WriteIntent;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what was appended to one version behind another one. Whenever the process is killed, the
 * next one finds the appended bytes once: in the old staging file until the new one is whole, and
 * in that from then on.
 */
final class Rebase {
  private static final Logger LOG = LoggerFactory.getLogger(Rebase.class);
  private static final int COPY_BYTES = 1 << 20;

  private Rebase() {}

  /**
   * Makes the new staging file. The old one is to be discarded by the caller.
   *
   * @param old nothing but bytes from {@code from} on, without a gap
   */
  static StagedFile of(
      MountTree tree, StagedFile old, long from, ObjectVersion onto, WriteIntent intent) {
    StagedFile rebased = tree.staging().create(old.key(), Optional.of(onto));
    try {
      rebased.unnamed();
      rebased.intend(intent);
      MemorySegment buffer = MemorySegment.ofArray(new byte[COPY_BYTES]);
      for (long at = from; at < old.size(); at += COPY_BYTES) {
        MemorySegment piece = buffer.asSlice(0, Math.min(COPY_BYTES, old.size() - at));
        old.read(at, piece, Optional.empty());
        rebased.write(onto.size() + at - from, piece);
      }
      if (old.isClosed()) {
        rebased.closed();
      }
      if (old.isPromised()) {
        boolean _ = rebased.promise();
      }
      old.superseded(rebased);
    } catch (RuntimeException e) {
      rebased.discard();
      throw e;
    }
    name(old, rebased);
    return rebased;
  }

  /** The new one stands for the old one already: that holds also when the disk fails now. */
  private static void name(StagedFile old, StagedFile rebased) {
    boolean isPromised = old.isPromised();
    if (isPromised) {
      tryTo(old, old::forceJournal);
    }
    tryTo(old, () -> rebased.renamed(old.key()));
    if (isPromised) {
      // Its name too has to be on the disk before the old one is gone from there.
      tryTo(old, rebased::promise);
    }
  }

  private static void tryTo(StagedFile old, Runnable synchronise) {
    try {
      synchronise.run();
    } catch (UncheckedIOException e) {
      LOG.warn(
          "What was appended to {} may not outlive this process: {}", old.key(), e.getMessage());
    }
  }
}
