package io.ossmount.cache.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.write.UploadPlan.Piece;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UploadPlanTest {
  private static final long MIB = 1 << 20;

  @Test
  void aNewFileIsSentInPartsOfOneSize() {
    List<Piece> plan = UploadPlan.of(40 * MIB, 16 * MIB, (start, end) -> false);
    assertThat(plan)
        .containsExactly(
            new Piece(1, 0, 16 * MIB, false),
            new Piece(2, 16 * MIB, 16 * MIB, false),
            new Piece(3, 32 * MIB, 8 * MIB, false));
  }

  @Test
  void anAppendCopiesTheOldAndSendsTheTail() {
    List<Piece> plan = UploadPlan.of(100 * MIB, 16 * MIB, (start, end) -> end <= 90 * MIB);
    assertThat(plan)
        .containsExactly(
            new Piece(1, 0, 80 * MIB, true),
            new Piece(2, 80 * MIB, 16 * MIB, false),
            new Piece(3, 96 * MIB, 4 * MIB, false));
  }

  @Test
  void copiesAreNotLargerThanOssTakes() {
    List<Piece> plan = UploadPlan.of(3L << 30, 16 * MIB, (start, end) -> true);
    assertThat(plan).allMatch(piece -> piece.length() <= 1L << 30).hasSize(3);
  }

  @Test
  void aHugeFileHasLargerParts() {
    long size = 1L << 40;
    List<Piece> plan = UploadPlan.of(size, 16 * MIB, (start, end) -> false);
    assertThat(plan).hasSizeLessThanOrEqualTo(UploadPlan.MAX_PARTS);
    assertThat(plan.stream().mapToLong(Piece::length).sum()).isEqualTo(size);
  }

  @Test
  void anEmptyFileIsOnePart() {
    assertThat(UploadPlan.of(0, 16 * MIB, (start, end) -> false))
        .containsExactly(new Piece(1, 0, 0, false));
  }
}
