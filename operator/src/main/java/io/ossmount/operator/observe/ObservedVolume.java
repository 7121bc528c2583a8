package io.ossmount.operator.observe;

import java.util.Collection;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A PersistentVolume that uses the OssMount.
 *
 * @param name of the PersistentVolume
 * @param claim that it is bound to; null: none
 * @param nodes on which it is attached or still in use
 */
public record ObservedVolume(String name, @Nullable Claim claim, Set<String> nodes) {
  /** A PersistentVolumeClaim. */
  public record Claim(String namespace, String name) {}

  /** Nodes on which any of them is attached or still in use. */
  static SortedSet<String> nodes(Collection<ObservedVolume> volumes) {
    var nodes = new TreeSet<String>();
    volumes.forEach(volume -> nodes.addAll(volume.nodes()));
    return nodes;
  }
}
