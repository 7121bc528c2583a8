package io.ossmount.bench;

import io.ossmount.bench.Goal.Bound;
import io.ossmount.bench.Goal.Yardstick;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What nested mounts cost who does not use them: the same work with ten of them and with none, one
 * after the other in each round.
 */
final class NestedComparisons {
  private static final int MOUNTS = 10;

  /** As near to 1 as a noisy machine lets two equal things come. */
  private static final Goal AS_FAST = Goal.of(new Bound(Yardstick.FIGURE, 1.1));

  private final Bed bed;

  NestedComparisons(Bed bed) {
    this.bed = bed;
  }

  List<Comparison> all() {
    return List.of(
        ratio(
            "N1-read",
            "time for %,d files of 64 KiB, warm, with %d nested mounts, of that without"
                .formatted(Data.SMALL_FILES, MOUNTS),
            directory -> FileWork.readAll(directory.resolve(Data.SMALL), Data.SMALL_BYTES, 1)),
        ratio(
            "N1-list",
            "the same for `ls -lR` of %,d objects in 100 directories, warm"
                .formatted(Data.TREE_FILES),
            directory -> FileWork.list(directory.resolve(Data.TREE), Data.TREE_FILES)));
  }

  private interface Job {
    double in(Path directory) throws IOException, InterruptedException;
  }

  private Comparison ratio(String id, String name, Job job) {
    return new Sides(bed)
        .ossmount(mount ->
            Trial.of(mount, Work.NOTHING, () -> ratio(job))
                .prepared(() -> twice(job))
                .withoutCpuTime())
        .amount(id, name, "times, less is better", AS_FAST);
  }

  /** All is in the caches then, and what comes with the second use has come. */
  private double twice(Job job) throws IOException, InterruptedException {
    return ratio(job) + ratio(job);
  }

  /** Each goes first once: who goes second finds the machine as the other has left it. */
  private double ratio(Job job) throws IOException, InterruptedException {
    Mount plain = bed.another("plain", List.of());
    Mount nested = nested();
    double with = seconds(job, nested);
    double without = seconds(job, plain) + seconds(job, plain);
    return (with + seconds(job, nested)) / without;
  }

  private static double seconds(Job job, Mount mount) throws IOException, InterruptedException {
    long started = System.nanoTime();
    job.in(mount.point());
    return (System.nanoTime() - started) / 1e9;
  }

  /** Parts of the bucket, at its root and beside what is read. */
  private Mount nested() throws IOException, InterruptedException {
    List<String> options = new ArrayList<>();
    for (int i = 0; i < MOUNTS; i++) {
      String place = i % 2 == 0 ? "nested-" + i : Data.SMALL + "-nested/" + i;
      options.add("--nested=" + place + "=" + bed.endpoint().bucket() + "/" + Data.OTHER);
    }
    return bed.another("nested", options);
  }
}
