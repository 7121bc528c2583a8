package io.ossmount.cache.write;

import java.util.ArrayList;
import java.util.List;

/**
 * How a staged file becomes the parts of a multipart upload: what shows the base only is copied by
 * OSS, in large pieces; the rest is sent, in parts of one size. Pure.
 */
final class UploadPlan {
  /** OSS takes no more parts. */
  static final int MAX_PARTS = 10_000;

  /** Of a copied piece; OSS takes up to 5 GiB. */
  private static final long MAX_COPY_BYTES = 1L << 30;

  private static final long MIB = 1L << 20;

  private UploadPlan() {}

  /**
   * A part.
   *
   * @param number from 1 on
   * @param offset first byte
   * @param length bytes
   * @param copied whether it shows the base only
   */
  record Piece(int number, long offset, long length, boolean copied) {}

  /** Asks whether a range shows the base only. */
  @FunctionalInterface
  interface BaseRanges {
    boolean isBase(long start, long end);
  }

  /** The size of parts for a file of {@code size} bytes: as wished, or so that it has enough. */
  static long partBytes(long size, long wished) {
    boolean fits = Math.ceilDiv(size, wished) <= MAX_PARTS;
    return fits ? wished : Math.ceilDiv(Math.ceilDiv(size, MAX_PARTS), MIB) * MIB;
  }

  /** The parts of a file of {@code size} bytes, at least one. */
  static List<Piece> of(long size, long wished, BaseRanges base) {
    long partBytes = partBytes(size, wished);
    List<Piece> pieces = new ArrayList<>();
    for (long at = 0; at < size || pieces.isEmpty(); at += partBytes) {
      long length = Math.min(partBytes, size - at);
      boolean copied = length > 0 && base.isBase(at, at + length);
      Piece last = pieces.isEmpty() ? null : pieces.getLast();
      if (last != null && copied && last.copied && last.length + length <= MAX_COPY_BYTES) {
        pieces.set(
            pieces.size() - 1, new Piece(last.number, last.offset, last.length + length, true));
      } else {
        pieces.add(new Piece(pieces.size() + 1, at, length, copied));
      }
    }
    return pieces;
  }
}
