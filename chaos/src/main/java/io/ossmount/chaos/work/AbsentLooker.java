package io.ossmount.chaos.work;

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
    boolean found = probe.run(Operation.STAT, path, () -> Presence.of(path));
    probe.check(!found, path + " is there, which nobody has made");
    Pacing.afterReads();
  }
}
