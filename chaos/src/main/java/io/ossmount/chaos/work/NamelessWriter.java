package io.ossmount.chaos.work;

import io.ossmount.chaos.content.Content;
import io.ossmount.chaos.work.Event.Step;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.SplittableRandom;

/**
 * Has a file open while its name is taken away, by an unlink or by another file that is renamed to
 * it, and goes on with reads and writes through the descriptor. The descriptor has to have all that
 * was written, and nothing of it may come to be under the name.
 */
final class NamelessWriter implements Workload {
  /** A descriptor lives for a second or more, so that faults come into its life. */
  private static final int OPERATIONS = 160;

  private static final int OPERATIONS_OF_AN_FSYNC = 40;
  private static final int MOST = 64 << 10;
  private static final int KEPT_ONE_IN = 32;
  private static final int LATER = 8;

  private final Site site;
  private final String top;
  private final Leftovers leftovers = new Leftovers(KEPT_ONE_IN, LATER);
  private long round;

  NamelessWriter(Site site) {
    this.site = site;
    this.top = "nameless-" + site.tag();
  }

  @Override
  public void step(Probe probe) throws Stopped {
    var file = new WrittenFile(site, probe);
    file.top(top);
    // A name is never used again, so that what a failed step leaves is told from what comes later.
    var path = top + "/file-" + round++;
    var content = Content.of(site.data().seed(), path, 0);
    var stored = isOneInTwo() ? length() : 0;
    if (stored > 0) {
      file.create(path, content, stored);
    }
    // Of those that OSS has, some have not been written to when they lose their name.
    var size = stored == 0 || isOneInTwo() ? stored + length() : stored;
    // A failure leaves what was written until then under the name.
    probe.change(Step.INTENDED, path, content.seed(), size);
    var channel = open(probe, file.at(path), stored > 0);
    try {
      var open = new OpenFile(probe, channel, path);
      open.has(content, stored);
      if (size > stored) {
        open.write(content, stored, size - stored);
      }
      if (isOneInTwo()) {
        loseToNone(probe, file, path, open);
      } else {
        loseToAnother(probe, file, path, open);
      }
    } finally {
      Closing.quietly(channel);
    }
  }

  private static FileChannel open(Probe probe, Path path, boolean isThere) throws Stopped {
    var options = EnumSet.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (!isThere) {
      options.add(StandardOpenOption.CREATE_NEW);
    }
    return probe.run(
        isThere ? Operation.OPEN : Operation.CREATE, path, () -> FileChannel.open(path, options));
  }

  private void loseToNone(Probe probe, WrittenFile file, String path, OpenFile open)
      throws Stopped {
    file.delete(path);
    goOn(open);
    probe.check(!file.exists(path), path + " is there again after it was closed without a name");
    // What was settled before is looked at again: the close may have made an object.
    probe.change(Step.ACKNOWLEDGED, path, 0, Event.ABSENT);
  }

  private void loseToAnother(Probe probe, WrittenFile file, String path, OpenFile open)
      throws Stopped {
    var other = path + "-other";
    var content = Content.of(site.data().seed(), other, 0);
    var size = length();
    file.create(other, content, size);
    file.renameOnto(other, path, content, size);
    goOn(open);
    file.verify(path, content, size);
    probe.change(Step.ACKNOWLEDGED, path, content.seed(), size);
    var old = leftovers.add(path);
    if (old.isPresent()) {
      file.delete(old.get());
    }
  }

  private void goOn(OpenFile open) throws Stopped {
    for (int i = 1; i <= OPERATIONS; i++) {
      var at = random().nextInt(open.size() + 1);
      if (isOneInTwo()) {
        open.read(at, Math.min(length(), open.size() - at));
      } else if (at < OpenFile.MOST - MOST) {
        open.write(Content.of(site.data().seed(), open.path(), i), at, length());
      }
      if (i % OPERATIONS_OF_AN_FSYNC == 0) {
        open.sync();
      }
      Pacing.afterReads();
    }
    open.readAll();
    open.close();
  }

  private int length() {
    return random().nextInt(1, MOST);
  }

  private boolean isOneInTwo() {
    return random().nextBoolean();
  }

  private SplittableRandom random() {
    return site.random();
  }
}
