package io.ossmount.chaos.work;

import io.ossmount.chaos.content.Content;
import java.nio.file.Files;
import java.util.HashMap;

/** Makes files in a directory of their own, deletes them one by one, and the directory then. */
final class DeleteStorm implements Workload {
  private static final int FILES = 12;
  private static final int MOST = 16 << 10;

  private final Site site;
  private final String top;
  private long round;

  DeleteStorm(Site site) {
    this.site = site;
    this.top = "deleted-" + site.tag();
  }

  @Override
  public void step(Probe probe) throws Stopped {
    var file = new WrittenFile(site, probe);
    var directory = top + "/round-" + round++;
    file.top(top);
    file.directory(directory);
    var made = new HashMap<String, Integer>();
    for (int i = 0; i < FILES; i++) {
      var path = directory + "/file-" + i;
      var size = site.random().nextInt(1, MOST);
      file.create(path, Content.of(site.data().seed(), path, 0), size);
      made.put(path, size);
    }
    probe.check(count(probe, file, directory) == made.size(), directory + " lists other files");
    for (var path : made.keySet()) {
      file.delete(path);
    }
    probe.check(count(probe, file, directory) == 0, directory + " lists deleted files");
    file.removeDirectory(directory);
  }

  private static long count(Probe probe, WrittenFile file, String directory) throws Stopped {
    return probe.run(
        Operation.READDIR,
        directory,
        () -> {
          try (var entries = Files.list(file.at(directory))) {
            return entries.count();
          }
        });
  }
}
