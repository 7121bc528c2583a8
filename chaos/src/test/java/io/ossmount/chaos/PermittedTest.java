package io.ossmount.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.chaos.cluster.ClusterFault;
import io.ossmount.chaos.node.NodeFault;
import io.ossmount.chaos.work.WorkKind;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PermittedTest {
  private static final List<WorkKind> ALL = List.of(WorkKind.values());

  @Test
  void a_pause_and_what_is_promised_are_told() {
    assertThat(Permitted.of(ClusterFault.KILL_SERVER, ALL)).isEqualTo("10 s; p99: 1.5 s");
    assertThat(Permitted.of(NodeFault.STOP_SERVER, ALL)).isEqualTo("20 s");
  }

  @Test
  void errors_are_told_and_of_whom_if_not_of_all_and_who_ends() {
    assertThat(Permitted.of(NodeFault.KILL_BOTH, ALL))
        .isEqualTo("20 s, ECONNABORTED, EIO, ENOTCONN, SIGBUS; cwd ends");
    assertThat(Permitted.of(NodeFault.CACHE_FULL, ALL))
        .isEqualTo("20 s; fsync, append, nameless, tar, rename, delete: 20 s, ENOSPC");
    assertThat(Permitted.of(NodeFault.CACHE_FULL, List.of(WorkKind.TAR))).isEqualTo("20 s, ENOSPC");
  }

  @Test
  void a_row_of_many_kinds_refers_to_theirs() {
    var texts = Permitted.byRow(NodeFault.values(), ALL);

    assertThat(texts.apply("stop-server")).isEqualTo("20 s");
    assertThat(texts.apply(Schedule.MIXED)).isEqualTo("of each what its row says");
  }
}
