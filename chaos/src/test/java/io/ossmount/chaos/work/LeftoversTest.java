package io.ossmount.chaos.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LeftoversTest {
  @Test
  void one_in_three_stays_and_of_the_others_the_last_two() {
    var leftovers = new Leftovers(3, 2);

    var deleted =
        IntStream.range(0, 9)
            .mapToObj(i -> leftovers.add("round-" + i))
            .flatMap(Optional::stream)
            .toList();

    assertThat(deleted).isEqualTo(List.of("round-1", "round-2", "round-4", "round-5"));
  }
}
