package io.ossmount.csi.fdstore;

import io.ossmount.proto.session.v1.PluginFrame;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells each cache pod something that changes, when it is another than the pod was told last.
 * Guarded by the lock of the {@link FdStore}.
 */
final class LastTold<T> {
  private final @Nullable T atFirst;
  private final Function<T, PluginFrame> frame;
  private final Map<PodLink, T> told = new HashMap<>();

  /**
   * Nobody was told anything.
   *
   * @param atFirst what a pod that has just connected takes for so; null when nothing
   */
  LastTold(@Nullable T atFirst, Function<T, PluginFrame> frame) {
    this.atFirst = atFirst;
    this.frame = frame;
  }

  /** Tells those that do not know it yet. */
  void tell(List<PodLink> pods, Function<PodLink, T> now) {
    told.keySet().retainAll(Set.copyOf(pods));
    for (var pod : pods) {
      T current = now.apply(pod);
      T before = told.put(pod, current);
      if (!current.equals(before == null ? atFirst : before)) {
        pod.send(frame.apply(current), List.of());
      }
    }
  }
}
