package io.ossmount.chaos.fault;

import io.ossmount.chaos.judge.Allowed;
import io.ossmount.chaos.scene.Scene;
import io.ossmount.chaos.work.WorkKind;
import java.util.Arrays;

/**
 * A fault that there is, and what it may come to.
 *
 * @param <S> where it can be done
 */
public interface FaultKind<S extends Scene> {
  /** Its name in reports and on command lines. */
  String title();

  /** What does it. */
  Fault<? super S> fault();

  /** What a workload may see of it. */
  Allowed allowed(WorkKind work);

  /**
   * Whether the workload goes on by itself afterwards. One that cannot is started again, as whoever
   * runs it would.
   */
  default boolean isOutlivedBy(WorkKind work) {
    return true;
  }

  /**
   * Whether what was being written then may stay on the node for longer than a run: it waits for
   * its session, and is put aside when that does not come.
   */
  default boolean mayLeaveWrites() {
    return false;
  }

  /** Whether files are deleted that the server may have open, and keeps as long as it uses them. */
  default boolean deletesFiles() {
    return false;
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
