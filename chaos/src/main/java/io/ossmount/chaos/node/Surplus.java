package io.ossmount.chaos.node;

import io.ossmount.fuse.kernel.MountEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a node has that it needs not, while one pod uses the volume, and when none does. */
final class Surplus {
  private Surplus() {}

  /**
   * While it is in use: one line for each thing.
   *
   * @param published where the volume and its sub-path are
   */
  static List<String> of(Place place, Set<Path> published) throws IOException {
    var surplus = new ArrayList<String>();
    var devices = new TreeSet<String>();
    for (var mount : Sweep.mounts(place)) {
      if (mount.isFuse()) {
        devices.add(mount.device());
        var target = Path.of(mount.target());
        if (!target.startsWith(place.sessions()) && !published.contains(target)) {
          surplus.add("mount " + mount.target());
        }
      }
    }
    var sessions = sessions(place);
    if (devices.size() > 1 || sessions.size() > 1) {
      surplus.add("sessions " + devices + " in " + sessions);
    }
    return surplus;
  }

  /** When nobody uses it any more. */
  static List<String> ofNothing(Place place) throws IOException {
    var surplus = new ArrayList<String>();
    Sweep.mounts(place).stream()
        .map(MountEntry::target)
        .filter(target -> !target.equals(place.control().toString()))
        .filter(target -> !target.equals(place.cache().toString()))
        .forEach(target -> surplus.add("mount " + target));
    Holders.of(place.cache()).forEach(holder -> surplus.add("open file " + holder));
    sessions(place).forEach(session -> surplus.add("session " + session));
    return surplus;
  }

  /** Their names. Nothing is asked of what is mounted there. */
  private static Set<String> sessions(Place place) throws IOException {
    if (!Files.isDirectory(place.sessions())) {
      return Set.of();
    }
    try (var entries = Files.list(place.sessions())) {
      return entries
          .map(entry -> entry.getFileName().toString().replaceAll("\\.(properties|new)$", ""))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
