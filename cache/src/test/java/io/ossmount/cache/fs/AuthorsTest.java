package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.serve.Processes;
import io.ossmount.fuse.kernel.SeenTask;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AuthorsTest {
  private static final Processes APART = (tasks, other) -> true;

  @Test
  void whoHasChangedNothingIsNoneOfTheAuthorsWhenAllOfThemLiveApart() {
    List<Integer> asked = new ArrayList<>();
    Processes processes =
        (tasks, other) -> {
          tasks.stream().map(SeenTask::tid).forEach(asked::add);
          asked.add(other);
          return true;
        };
    assertThat(Authors.NONE.and(1).and(2).and(1).liveApartFrom(3, processes)).isTrue();
    assertThat(asked).containsExactly(1, 2, 3);
    assertThat(Authors.NONE.and(1).liveApartFrom(3, Processes.UNKNOWN)).isFalse();
  }

  @Test
  void anAuthorIsToldWithoutAskingWhoeverElseIsOne() {
    Authors both = Authors.NONE.and(1).and(2);
    assertThat(both.liveApartFrom(1, APART)).isFalse();
    assertThat(both.liveApartFrom(2, APART)).isFalse();
  }

  @Test
  void nobodyIsToldApartFromAuthorsThatAreNotKnown() {
    assertThat(Authors.NONE.liveApartFrom(3, APART)).isFalse();
    assertThat(Authors.UNKNOWN.and(1).liveApartFrom(3, APART)).isFalse();
    assertThat(Authors.NONE.and(1).and(0).and(1).liveApartFrom(3, APART)).isFalse();
    assertThat(Authors.NONE.and(1).liveApartFrom(0, APART)).isFalse();
  }

  @Test
  void moreThanSomeAreNotKnown() {
    Authors authors = Authors.NONE;
    for (int thread = 1; thread <= Authors.MOST; thread++) {
      authors = authors.and(thread);
    }
    assertThat(authors.liveApartFrom(100, APART)).isTrue();
    assertThat(authors.and(1).liveApartFrom(100, APART)).isTrue();
    assertThat(authors.and(99).liveApartFrom(100, APART)).isFalse();
  }
}
