package io.ossmount.chaos.work;

import io.ossmount.chaos.content.Content;

/** Writes files, waits for fsync, closes them, reads some back; now and then a large one. */
final class FsyncWriter implements Workload {
  private static final int NAMES = 8;
  private static final int MOST = 512 << 10;

  /** Goes up in parts. */
  private static final int LARGE = 20 << 20;

  private static final int ONE_IN = 24;

  /** Of so many one has a name that does not come again, and stays. */
  private static final int KEPT_ONE_IN = 4;

  /** A run of an hour keeps some thousands. */
  private static final int MOST_KEPT = 8 << 10;

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
    file.top(top);
    var isKept = version % KEPT_ONE_IN == 0;
    var name = isKept ? "keep-" + version : Integer.toString(site.random().nextInt(NAMES));
    var path = top + "/fsync-" + name;
    var content = Content.of(site.data().seed(), path, version++);
    var size = isKept ? site.random().nextInt(MOST_KEPT) : size();
    file.replace(path, content, size);
    if (site.random().nextBoolean()) {
      file.verify(path, content, size);
    }
    Pacing.afterReads();
  }

  private int size() {
    return site.random().nextInt(ONE_IN) == 0 ? LARGE : site.random().nextInt(MOST);
  }
}
