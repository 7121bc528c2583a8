package io.ossmount.operator.dashboard.access;

import java.util.List;
import java.util.Map;

/**
 * Who looks, as Kubernetes' authentication says; immutable.
 *
 * @param extra what the authenticator adds; authorizers may ask for it
 */
public record Viewer(
    String name, String uid, List<String> groups, Map<String, List<String>> extra) {
  /** Takes copies. */
  public Viewer {
    groups = List.copyOf(groups);
    extra = Map.copyOf(extra);
  }
}
