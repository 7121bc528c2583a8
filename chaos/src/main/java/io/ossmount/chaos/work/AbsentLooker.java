package io.ossmount.chaos.work;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Looks for files that are not there, as programs do that search a path: each name is a new one,
 * and in a directory that nobody lists, so that OSS is asked.
 */
final class AbsentLooker implements Workload {
  private static final String DIRECTORY = "seq";

  private final Site site;

  AbsentLooker(Site site) {
    this.site = site;
  }

  @Override
  public void step(Probe probe) throws Stopped {
    var name = "none-" + Long.toUnsignedString(site.random().nextLong());
    var path = site.mount().resolve(DIRECTORY).resolve(name);
    boolean found = probe.run(Operation.STAT, path, () -> isThere(path));
    probe.check(!found, path + " is there, which nobody has made");
    Pacing.afterReads();
  }

  private static boolean isThere(Path path) throws IOException {
    try {
      Files.readAttributes(path, BasicFileAttributes.class);
      return true;
    } catch (NoSuchFileException expected) {
      return false;
    }
  }
}
