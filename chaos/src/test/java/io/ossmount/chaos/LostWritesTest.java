package io.ossmount.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.chaos.content.Content;
import io.ossmount.chaos.judge.Ledger;
import io.ossmount.chaos.work.Event;
import io.ossmount.chaos.work.Event.Step;
import io.ossmount.chaos.work.WorkKind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LostWritesTest implements LostWrites.Bucket {
  private static final int SIZE = 10;

  private final Ledger ledger = new Ledger();
  private final Map<String, byte[]> objects = new HashMap<>();
  private Runnable onRead = () -> {};
  private Runnable onList = () -> {};

  @Test
  void what_was_acknowledged_and_is_not_there_is_told_of_by_the_next_look_alone() throws Exception {
    tell(Step.ACKNOWLEDGED, "lost", 1);
    tell(Step.ACKNOWLEDGED, "there", 2);
    objects.put("there", bytes(2));
    var lost = new LostWrites(this, ledger, Duration.ZERO);

    assertThat(lost.look())
        .containsExactly("lost should be [10 bytes of seed 1], the bucket has nothing");
    assertThat(lost.look()).isEmpty();
  }

  @Test
  void a_deleted_file_whose_object_came_back_is_told_of() throws Exception {
    ledger.take(new Event.Change(WorkKind.FSYNC, Step.ACKNOWLEDGED, "a", 0, Event.ABSENT));
    objects.put("a", bytes(1));

    assertThat(new LostWrites(this, ledger, Duration.ZERO).look()).hasSize(1);
  }

  @Test
  void an_object_that_comes_late_is_not_lost() throws Exception {
    tell(Step.ACKNOWLEDGED, "a", 1);
    onList = () -> onList = () -> objects.put("a", bytes(1));

    assertThat(new LostWrites(this, ledger, Duration.ofMinutes(1)).look()).isEmpty();
  }

  @Test
  void what_is_wrong_is_looked_at_again_however_long_it_took_to_look_at_all() throws Exception {
    tell(Step.ACKNOWLEDGED, "a", 1);
    onList = () -> onList = () -> tell(Step.INTENDED, "a", 2);

    assertThat(new LostWrites(this, ledger, Duration.ZERO).look()).isEmpty();
  }

  @Test
  void a_path_that_is_changed_meanwhile_is_left_to_the_next_look() throws Exception {
    tell(Step.ACKNOWLEDGED, "a", 1);
    objects.put("a", bytes(2));
    onRead = () -> tell(Step.INTENDED, "a", 2);
    var lost = new LostWrites(this, ledger, Duration.ZERO);

    assertThat(lost.look()).isEmpty();
    onRead = () -> {};
    tell(Step.ACKNOWLEDGED, "a", 3);
    assertThat(lost.look()).hasSize(1);
  }

  @Override
  public Set<String> keys() {
    onList.run();
    return Set.copyOf(objects.keySet());
  }

  @Override
  public Optional<byte[]> read(String key) {
    onRead.run();
    return Optional.ofNullable(objects.get(key));
  }

  private void tell(Step step, String path, long seed) {
    ledger.take(new Event.Change(WorkKind.FSYNC, step, path, seed, SIZE));
  }

  private static byte[] bytes(long seed) {
    var buffer = ByteBuffer.allocate(SIZE);
    new Content(seed).fill(buffer, 0);
    return buffer.array();
  }
}
