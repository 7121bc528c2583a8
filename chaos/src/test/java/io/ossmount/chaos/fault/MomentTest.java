package io.ossmount.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.chaos.work.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MomentTest {
  private final List<Operation> board = new ArrayList<>(List.of(Operation.READ, Operation.RMDIR));

  @Test
  void what_comes_after_the_moment_is_no_part_of_it() {
    var moment = new Moment(() -> board, Optional.empty());
    assertThat(moment.noted()).isEmpty();
    moment.now();

    board.clear();

    assertThat(moment.noted().orElseThrow().underWay())
        .containsExactly(Operation.READ, Operation.RMDIR);
  }

  @Test
  void of_a_fault_that_takes_its_time_the_begin_and_what_was_under_way_at_last_count() {
    var moment = new Moment(() -> board, Optional.empty());
    moment.now();
    var begin = moment.noted().orElseThrow().at();
    board.remove(Operation.READ);

    moment.now();

    assertThat(moment.noted()).contains(new Moment.Noted(begin, List.of(Operation.RMDIR)));
  }

  @Test
  void it_is_rare_while_what_is_rare_is_under_way() {
    var moment = new Moment(() -> board, Optional.of(Operation.RMDIR));
    assertThat(moment.isRare()).isTrue();

    board.remove(Operation.RMDIR);

    assertThat(moment.isRare()).isFalse();
    assertThat(Moment.unseen().isRare()).isFalse();
  }
}
