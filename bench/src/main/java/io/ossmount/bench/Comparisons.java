package io.ossmount.bench;

import io.ossmount.bench.Goal.Bound;
import io.ossmount.bench.Goal.Yardstick;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reading and listing: what is measured of a bucket that others fill. */
final class Comparisons {
  private static final int READERS = 16;
  private static final int RANDOM_READERS = 4;

  private final Bed bed;
  private final Data data;

  Comparisons(Bed bed, Data data) {
    this.bed = bed;
    this.data = data;
  }

  /** In the order in which they are done: what is read cold by one is warm for the next. */
  List<Comparison> all() {
    return List.of(
        largeCold(),
        large("P1", "the same, warm, kernel cache dropped", false),
        large("P2", "the same, warm, kernel cache kept", true),
        largeRandom(),
        smallCold(
            "P6-1", 1, Goal.of(new Bound(Yardstick.RAW, 3), new Bound(Yardstick.BEST_PEER, 2))),
        smallCold(
            "P6-16",
            READERS,
            Goal.of(new Bound(Yardstick.RAW, 0.9), new Bound(Yardstick.BEST_PEER, 2))),
        small("P4-dropped", "the same, one reader, warm, kernel cache dropped", 0.9, false),
        small("P4-kept", "the same, one reader, warm, kernel cache kept", 0.5, true),
        treeCold(),
        treeWarm(),
        flatCold(),
        flatFirst());
  }

  private Comparison largeCold() {
    return new Sides(bed)
        .mounts(mount -> Trial.of(mount, mount::cold, () -> FileWork.read(large(mount.point()))))
        .local(Machine::drop, () -> FileWork.read(large(bed.local())))
        .raw(() -> bed.sdk().get(Data.LARGE, data.largeBytes()))
        .rate(
            "P5",
            "sequential read of %d MiB, cold".formatted(data.largeBytes() >> 20),
            "MiB/s",
            Goal.of(new Bound(Yardstick.RAW, 0.9), new Bound(Yardstick.BEST_PEER, 1)));
  }

  private Comparison large(String id, String name, boolean isKept) {
    return new Sides(bed)
        .mounts(mount -> warmLarge(mount, isKept))
        .local(before(isKept, bed.local()), () -> FileWork.read(large(bed.local())))
        .rate(id, name, "MiB/s", Goal.of(new Bound(Yardstick.LOCAL, 0.95)));
  }

  private static Trial warmLarge(Mount mount, boolean isKept) {
    return Trial.of(mount, before(isKept, mount.point()), () -> FileWork.read(large(mount.point())))
        .prepared(() -> readTwice(mount.point()));
  }

  private static Work before(boolean isKept, Path directory) {
    return isKept ? () -> FileWork.read(large(directory)) : Machine::drop;
  }

  /** The second time finds all in the cache. */
  private static double readTwice(Path directory) throws IOException {
    return FileWork.read(large(directory)) + FileWork.read(large(directory));
  }

  private static Path large(Path directory) {
    return directory.resolve(Data.LARGE);
  }

  private Comparison largeRandom() {
    return new Sides(bed)
        .mounts(mount ->
            Trial.of(
                    mount,
                    Machine::drop,
                    () -> FileWork.readAtRandom(large(mount.point()), RANDOM_READERS))
                .prepared(() -> readTwice(mount.point())))
        .local(Machine::drop, () -> FileWork.readAtRandom(large(bed.local()), RANDOM_READERS))
        .rate(
            "P3",
            "random reads of 4 KiB in it, warm, kernel cache dropped, %d threads"
                .formatted(RANDOM_READERS),
            "reads/s",
            Goal.of(new Bound(Yardstick.LOCAL, 0.9)));
  }

  private static double readSmall(Path directory, int readers)
      throws IOException, InterruptedException {
    return FileWork.readAll(directory.resolve(Data.SMALL), Data.SMALL_BYTES, readers);
  }

  private Comparison smallCold(String id, int readers, Goal goal) {
    return new Sides(bed)
        .mounts(mount -> Trial.of(mount, mount::cold, () -> readSmall(mount.point(), readers)))
        .local(Machine::drop, () -> readSmall(bed.local(), readers))
        .raw(() -> bed.sdk().getEach(Data.smallKeys(), readers))
        .rate(
            id,
            "%,d files of 64 KiB read in order, cold, readers: %d"
                .formatted(Data.SMALL_FILES, readers),
            "files/s",
            goal);
  }

  private Comparison small(String id, String name, double ofLocal, boolean isKept) {
    return new Sides(bed)
        .mounts(mount -> warmSmall(mount, isKept))
        .local(
            isKept ? () -> readSmall(bed.local(), 1) : Machine::drop,
            () -> readSmall(bed.local(), 1))
        .rate(id, name, "files/s", Goal.of(new Bound(Yardstick.LOCAL, ofLocal)));
  }

  private static Trial warmSmall(Mount mount, boolean isKept) {
    Work read = () -> readSmall(mount.point(), 1);
    return Trial.of(mount, isKept ? read : Machine::drop, read).prepared(read);
  }

  private static double listTree(Path directory) throws IOException, InterruptedException {
    return FileWork.list(directory.resolve(Data.TREE), Data.TREE_FILES);
  }

  private Comparison treeCold() {
    return new Sides(bed)
        .mounts(mount -> Trial.of(mount, mount::cold, () -> listTree(mount.point())))
        .local(Machine::drop, () -> listTree(bed.local()))
        .raw(() -> bed.sdk().list(Data.TREE + "/"))
        .rate(
            "P7-cold",
            "`ls -lR` of %,d objects in 100 directories, cold".formatted(Data.TREE_FILES),
            "entries/s",
            coldListing());
  }

  private static Goal coldListing() {
    return Goal.of(new Bound(Yardstick.FIGURE, 20_000), new Bound(Yardstick.BEST_PEER, 1));
  }

  private Comparison treeWarm() {
    return new Sides(bed)
        .mounts(mount ->
            Trial.of(mount, Work.NOTHING, () -> listTree(mount.point()))
                .prepared(() -> listTree(mount.point())))
        .local(() -> listTree(bed.local()), () -> listTree(bed.local()))
        .rate(
            "P7-warm",
            "the same, warm",
            "entries/s",
            Goal.of(new Bound(Yardstick.LOCAL, 0.5), new Bound(Yardstick.BEST_PEER, 1)));
  }

  private static double listFlat(Path directory) throws IOException, InterruptedException {
    return FileWork.list(directory.resolve(Data.FLAT), Data.FLAT_FILES);
  }

  private Comparison flatCold() {
    return new Sides(bed)
        .mounts(mount -> Trial.of(mount, mount::cold, () -> listFlat(mount.point())))
        .local(Machine::drop, () -> listFlat(bed.local()))
        .raw(() -> bed.sdk().list(Data.FLAT + "/"))
        .atMost(3)
        .rate(
            "P7-flat",
            "`ls -lR` of one directory of %,d objects, cold".formatted(Data.FLAT_FILES),
            "entries/s",
            coldListing());
  }

  private Comparison flatFirst() {
    return new Sides(bed)
        .mounts(mount ->
            Trial.of(
                mount, mount::cold, () -> FileWork.firstEntry(mount.point().resolve(Data.FLAT))))
        .local(Machine::drop, () -> FileWork.firstEntry(bed.local().resolve(Data.FLAT)))
        .atMost(2)
        .amount(
            "P7-first",
            "until the first entry of the same is there, cold",
            "s, less is better",
            Goal.of(new Bound(Yardstick.BEST_PEER, 1)));
  }
}
