package io.ossmount.chaos.fault;

import io.ossmount.chaos.judge.Allowed;
import io.ossmount.chaos.scene.Scene;
import io.ossmount.chaos.work.WorkKind;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * A fault that there is, and what it may come to.
 *
 * @param <S> where it can be done
 */
public interface FaultKind<S extends Scene> {
  /** Its name in reports and on command lines. */
  String title();

  /** What does it. */
  Fault<? super S> fault(Form form);

  /** What a workload may see of it. */
  Allowed allowed(WorkKind work);

  /**
   * What the longest pause of any workload has to be for 99 of 100 of it, if that is promised: on a
   * cluster, where a server has the share of the processors that its pod asks for.
   */
  default Optional<Duration> target() {
    return Optional.empty();
  }

  /**
   * Whether the workload goes on by itself afterwards. One that cannot is started again, as whoever
   * runs it would.
   */
  default boolean isOutlivedBy(WorkKind work) {
    return true;
  }

  /**
   * The one with this title.
   *
   * @throws IllegalArgumentException there is none
   */
  static <K extends FaultKind<?>> K titled(K[] all, String title) {
    return Arrays.stream(all)
        .filter(kind -> kind.title().equals(title))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no fault " + title));
  }
}
