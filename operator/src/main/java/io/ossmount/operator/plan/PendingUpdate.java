package io.ossmount.operator.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An update of cache pods that has not come to its end. */
public sealed interface PendingUpdate {
  /**
   * How far it is.
   *
   * @param updated nodes whose pod is as it should be and serves
   * @param nodes how many there are
   */
  record Progress(List<String> updated, int nodes) {
    /** Copies. */
    public Progress {
      updated = List.copyOf(updated);
    }
  }

  /**
   * Pods are changed in place, one node at a time.
   *
   * @param next the node whose pod is being changed, or will be
   * @param after the node that it waits for; null: none
   */
  record Rolling(Progress progress, String next, @Nullable String after) implements PendingUpdate {}

  /**
   * It goes no further, so that no other node gets what is not well on this one.
   *
   * @param node that stops it
   * @param why for people
   */
  record Stopped(Progress progress, String node, String why) implements PendingUpdate {}

  /**
   * Pods are replaced one at a time; no volume is in use.
   *
   * @param parts of the template that differ
   */
  record Replacing(List<String> parts) implements PendingUpdate {
    /** Copies. */
    public Replacing {
      parts = List.copyOf(parts);
    }
  }

  /**
   * What cannot change while a pod runs waits until no volume is in use and nothing is to be
   * uploaded.
   *
   * @param parts of the template that differ
   * @param volumes that are in use; none: it waits for uploads
   * @param refusal why the API server refuses to change what could change elsewhere; null: it was
   *     not asked
   */
  record Waiting(List<String> parts, List<String> volumes, @Nullable String refusal)
      implements PendingUpdate {
    /** Copies. */
    public Waiting {
      parts = List.copyOf(parts);
      volumes = List.copyOf(volumes);
    }
  }
}
