package io.ossmount.chaos.work;

import io.ossmount.chaos.content.Content;

/** Writes files, waits for fsync, closes them, reads some back; now and then a large one. */
final class FsyncWriter implements Workload {
  private static final int NAMES = 8;
  private static final int MOST = 512 << 10;

  /** Goes up in parts. */
  private static final int LARGE = 20 << 20;

  private static final int ONE_IN = 24;

  private final Site site;
  private final String top;
  private long version;

  FsyncWriter(Site site) {
    this.site = site;
    this.top = "written-" + site.tag();
  }

  @Override
  public void step(Probe probe) throws Stopped {
    var file = new WrittenFile(site, probe);
    file.directory(top);
    var path = top + "/fsync-" + site.random().nextInt(NAMES);
    var content = Content.of(site.data().seed(), path, version++);
    var size = site.random().nextInt(ONE_IN) == 0 ? LARGE : site.random().nextInt(MOST);
    file.write(path, content, size, true);
    if (site.random().nextBoolean()) {
      file.verify(path, content, size);
    }
    Pacing.afterReads();
  }
}
