package io.ossmount.cache.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeartTest {
  private final Heart heart = new Heart("heart");

  @Test
  void oneThatHasNotBegunRests() {
    assertThat(heart.stillFor()).isZero();
    assertThat(heart.stillFor()).isZero();
  }

  @Test
  void oneAtWorkThatDoesNotMoveIsStill() {
    heart.beat();
    assertThat(heart.stillFor()).isZero();
    assertThat(heart.stillFor()).isEqualTo(1);
    assertThat(heart.stillFor()).isEqualTo(2);
  }

  @Test
  void oneThatMovesIsNot() {
    for (int i = 0; i < 10; i++) {
      heart.beat();
      assertThat(heart.stillFor()).isZero();
    }
  }

  @Test
  void oneThatRestsMayTakeItsTime() {
    heart.beat();
    heart.rest();
    heart.rest();
    for (int i = 0; i < 10; i++) {
      assertThat(heart.stillFor()).isZero();
    }
  }

  @Test
  void workThatEndsInTimeBetweenTwoLooksCountsAsMoved() {
    heart.beat();
    assertThat(heart.stillFor()).isZero();
    heart.rest();
    heart.beat();
    assertThat(heart.stillFor()).isZero();
  }
}
