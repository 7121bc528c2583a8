package io.ossmount.chaos.work;

import io.ossmount.chaos.content.Content;

/** Makes a file and gives it one name after another; deletes most of them some rounds later. */
final class RenameStorm implements Workload {
  private static final int NAMES = 8;
  private static final int MOST = 64 << 10;
  private static final int KEPT_ONE_IN = 16;
  private static final int LATER = 8;

  private final Site site;
  private final String top;
  private final Leftovers leftovers = new Leftovers(KEPT_ONE_IN, LATER);
  private long round;

  RenameStorm(Site site) {
    this.site = site;
    this.top = "renamed-" + site.tag();
  }

  @Override
  public void step(Probe probe) throws Stopped {
    var file = new WrittenFile(site, probe);
    file.top(top);
    // A name is never used again, so that what a failed step leaves is told from what comes later.
    var name = top + "/file-" + round++;
    var content = Content.of(site.data().seed(), name, 0);
    var size = site.random().nextInt(1, MOST);
    file.create(name, content, size);
    for (int i = 0; i < NAMES; i++) {
      var from = name;
      var to = top + "/file-" + round++;
      file.rename(from, to, content, size);
      probe.check(!file.exists(from), from + " is still there after it was renamed to " + to);
      name = to;
    }
    file.verify(name, content, size);
    var old = leftovers.add(name);
    if (old.isPresent()) {
      file.delete(old.get());
    }
  }
}
