package io.ossmount.chaos.work;

import io.ossmount.chaos.content.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Lists a tree, looks at each entry, and has to find all that is there. */
final class TreeWalker implements Workload {
  private final Site site;
  private final Set<String> expected = new HashSet<>();

  TreeWalker(Site site) {
    this.site = site;
    Dataset.tree().forEach(file -> expected.add(file.path()));
  }

  @Override
  public void step(Probe probe) throws Stopped {
    var found = new ArrayList<String>();
    walk(probe, site.mount().resolve(Dataset.TREE), found);
    var missing = new HashSet<>(expected);
    found.forEach(missing::remove);
    probe.check(missing.isEmpty(), "not listed: " + missing);
    probe.check(found.size() == expected.size(), found.size() + " of " + expected.size());
    Pacing.afterReads();
  }

  private void walk(Probe probe, Path directory, List<String> found) throws Stopped {
    var entries = new ArrayList<Path>();
    probe.run(Operation.READDIR, directory, () -> list(directory, entries));
    for (var entry : entries) {
      var attributes =
          probe.run(
              Operation.STAT, entry, () -> Files.readAttributes(entry, BasicFileAttributes.class));
      if (attributes.isDirectory()) {
        walk(probe, entry, found);
      } else {
        found.add(site.mount().relativize(entry).toString());
      }
    }
  }

  private static void list(Path directory, List<Path> entries) throws IOException {
    try (var stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    }
  }
}
