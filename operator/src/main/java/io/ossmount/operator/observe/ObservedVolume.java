package io.ossmount.operator.observe;

import java.util.Set;
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
}
