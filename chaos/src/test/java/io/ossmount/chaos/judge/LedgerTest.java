package io.ossmount.chaos.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.chaos.content.Content;
import io.ossmount.chaos.work.Event;
import io.ossmount.chaos.work.Event.Step;
import io.ossmount.chaos.work.WorkKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LedgerTest {
  private final Ledger ledger = new Ledger();
  private final Map<String, byte[]> bucket = new HashMap<>();

  @Test
  void what_was_acknowledged_and_is_there_is_right() throws IOException {
    write(Step.INTENDED, 1, 5_000);
    write(Step.ACKNOWLEDGED, 1, 5_000);
    bucket.put("a", bytes(1, 5_000));

    assertThat(problems()).isEmpty();
  }

  @Test
  void an_acknowledged_write_that_is_lost_is_found() throws IOException {
    write(Step.INTENDED, 1, 5_000);
    write(Step.ACKNOWLEDGED, 1, 5_000);

    assertThat(problems()).singleElement().asString().contains("a should be").contains("nothing");
  }

  @Test
  void an_older_version_a_shorter_one_and_a_wrong_byte_are_found() throws IOException {
    write(Step.ACKNOWLEDGED, 1, 5_000);
    write(Step.ACKNOWLEDGED, 2, 5_000);

    bucket.put("a", bytes(1, 5_000));
    assertThat(problems()).hasSize(1);
    bucket.put("a", bytes(2, 4_999));
    assertThat(problems()).hasSize(1);
    var wrong = bytes(2, 5_000);
    wrong[4_321]++;
    bucket.put("a", wrong);
    assertThat(problems()).hasSize(1);
  }

  @Test
  void of_what_was_only_asked_for_either_side_may_be_found() throws IOException {
    write(Step.ACKNOWLEDGED, 1, 5_000);
    write(Step.INTENDED, 2, 9_000);

    for (var found : List.of(bytes(1, 5_000), bytes(2, 9_000), bytes(2, 100), bytes(2, 0))) {
      bucket.put("a", found);
      assertThat(problems()).isEmpty();
    }
    bucket.put("a", bytes(3, 100));
    assertThat(problems()).hasSize(1);
    bucket.clear();
    assertThat(problems()).hasSize(1);
  }

  @Test
  void of_an_append_that_was_only_asked_for_what_was_there_before_must_be_found()
      throws IOException {
    write(Step.ACKNOWLEDGED, 1, 5_000);
    write(Step.INTENDED, 1, 9_000);

    for (var length : List.of(5_000, 6_000, 9_000)) {
      bucket.put("a", bytes(1, length));
      assertThat(problems()).isEmpty();
    }
    for (var length : List.of(0, 4_999, 9_001)) {
      bucket.put("a", bytes(1, length));
      assertThat(problems()).hasSize(1);
    }
  }

  @Test
  void a_file_that_comes_back_after_its_deletion_is_found() throws IOException {
    write(Step.ACKNOWLEDGED, 1, 10);
    write(Step.INTENDED, 0, Event.ABSENT);
    bucket.put("a", bytes(1, 10));
    assertThat(problems()).isEmpty();

    write(Step.ACKNOWLEDGED, 0, Event.ABSENT);

    assertThat(problems()).hasSize(1);
  }

  @Test
  void what_nobody_wrote_is_found_but_for_directories() throws IOException {
    bucket.put("b", new byte[0]);
    bucket.put("c/", new byte[0]);

    assertThat(problems()).containsExactly("b is in the bucket, and nobody wrote it");
  }

  @Test
  void a_path_is_settled_once_one_thing_alone_may_be_found() {
    write(Step.INTENDED, 1, 10);
    assertThat(ledger.settled()).isEmpty();

    write(Step.ACKNOWLEDGED, 1, 10);
    assertThat(ledger.settled()).extracting(Settled::path).containsExactly("a");
    assertThat(ledger.settled()).as("nothing was told of it since").isEmpty();

    write(Step.INTENDED, 0, Event.ABSENT);
    assertThat(ledger.settled()).isEmpty();
    write(Step.ACKNOWLEDGED, 0, Event.ABSENT);
    assertThat(ledger.settled()).extracting(Settled::path).containsExactly("a");
  }

  @Test
  void what_is_settled_is_so_until_another_change_is_asked_for() {
    write(Step.ACKNOWLEDGED, 1, 10);
    var settled = ledger.settled().getFirst();
    assertThat(ledger.isStill(settled)).isTrue();

    write(Step.INTENDED, 2, 10);
    assertThat(ledger.isStill(settled)).isFalse();
    write(Step.ACKNOWLEDGED, 2, 10);
    assertThat(ledger.isStill(settled)).isFalse();
  }

  @Test
  void a_settled_path_tells_what_is_wrong_with_its_object() {
    write(Step.ACKNOWLEDGED, 1, 10);
    var settled = ledger.settled().getFirst();

    assertThat(settled.problem(Optional.of(bytes(1, 10)))).isEmpty();
    assertThat(settled.problem(Optional.of(bytes(1, 9)))).isPresent();
    assertThat(settled.problem(Optional.empty()))
        .contains("a should be [10 bytes of seed 1], the bucket has nothing");
  }

  private List<String> problems() throws IOException {
    return ledger.check(bucket.keySet(), key -> Optional.ofNullable(bucket.get(key)));
  }

  private void write(Step step, long seed, long size) {
    ledger.take(new Event.Change(WorkKind.FSYNC, step, "a", seed, size));
  }

  private static byte[] bytes(long seed, int size) {
    var buffer = ByteBuffer.allocate(size);
    new Content(seed).fill(buffer, 0);
    return buffer.array();
  }
}
