package io.ossmount.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Everything that is measured. */
final class Comparisons {
  private static final Work NOTHING = () -> 0;
  private static final int READERS = 16;
  private static final int RANDOM_READERS = 4;
  private static final int WRITTEN_FILES = 500;

  private final Bed bed;
  private final Data data;
  private final Path large;
  private final Path localLarge;
  private final Path small;
  private final Path localSmall;

  Comparisons(Bed bed, Data data) {
    this.bed = bed;
    this.data = data;
    this.large = bed.mounted().resolve(Data.LARGE);
    this.localLarge = bed.local().resolve(Data.LARGE);
    this.small = bed.mounted().resolve(Data.SMALL);
    this.localSmall = bed.local().resolve(Data.SMALL);
  }

  /** In the order in which they are done: what is read cold by one is warm for the next. */
  List<Comparison> all() {
    return List.of(
        largeCold(),
        large("P1", "the same, warm, kernel cache dropped", Comparisons::drop),
        large("P2", "the same, warm, kernel cache kept", () -> FileWork.read(large)),
        largeRandom(),
        smallCold("P6-1", "one reader", 1),
        smallCold("P6-16", READERS + " readers", READERS),
        small("P4-dropped", "the same, one reader, warm, kernel cache dropped", Comparisons::drop),
        small("P4-kept", "the same, one reader, warm, kernel cache kept", this::readSmall),
        tree(
            "P7-cold",
            "`ls -lR` of 10,000 objects in 100 directories, cold",
            NOTHING,
            bed::coldMount,
            Comparisons::drop),
        tree("P7-warm", "the same, warm", this::listTree, NOTHING, NOTHING),
        writes());
  }

  private static double drop() throws IOException, InterruptedException {
    Machine.dropCaches();
    return 0;
  }

  private Comparison largeCold() {
    return new Comparison(
        "P5",
        "sequential read of %d MiB, cold".formatted(data.largeBytes() >> 20),
        "MiB/s",
        NOTHING,
        bed::coldMount,
        Comparisons::drop,
        () -> FileWork.read(large),
        Optional.of(() -> FileWork.read(localLarge)),
        Optional.of(() -> bed.sdk().get(Data.LARGE, data.largeBytes())));
  }

  private Comparison large(String id, String name, Work before) {
    return new Comparison(
        id,
        name,
        "MiB/s",
        this::readLargeTwice,
        before,
        before,
        () -> FileWork.read(large),
        Optional.of(() -> FileWork.read(localLarge)),
        Optional.empty());
  }

  private Comparison largeRandom() {
    return new Comparison(
        "P3",
        "random reads of 4 KiB in it, warm, kernel cache dropped, %d threads"
            .formatted(RANDOM_READERS),
        "reads/s",
        this::readLargeTwice,
        Comparisons::drop,
        Comparisons::drop,
        () -> FileWork.readAtRandom(large, RANDOM_READERS),
        Optional.of(() -> FileWork.readAtRandom(localLarge, RANDOM_READERS)),
        Optional.empty());
  }

  private Comparison smallCold(String id, String who, int readers) {
    return new Comparison(
        id,
        "%,d files of 64 KiB read, cold, %s".formatted(Data.SMALL_FILES, who),
        "files/s",
        NOTHING,
        bed::coldMount,
        Comparisons::drop,
        () -> FileWork.readAll(small, Data.SMALL_BYTES, readers),
        Optional.of(() -> FileWork.readAll(localSmall, Data.SMALL_BYTES, readers)),
        Optional.of(() -> bed.sdk().getEach(Data.smallKeys(), readers)));
  }

  private Comparison small(String id, String name, Work before) {
    return new Comparison(
        id,
        name,
        "files/s",
        this::readSmall,
        before,
        before,
        () -> FileWork.readAll(small, Data.SMALL_BYTES, 1),
        Optional.of(() -> FileWork.readAll(localSmall, Data.SMALL_BYTES, 1)),
        Optional.empty());
  }

  /** The second time finds all in the cache. */
  private double readLargeTwice() throws IOException {
    return FileWork.read(large) + FileWork.read(large) + FileWork.read(localLarge);
  }

  private double listTree() throws IOException, InterruptedException {
    return FileWork.list(bed.mounted().resolve(Data.TREE));
  }

  private double readSmall() throws IOException, InterruptedException {
    return FileWork.readAll(small, Data.SMALL_BYTES, 1)
        + FileWork.readAll(localSmall, Data.SMALL_BYTES, 1);
  }

  private Comparison tree(String id, String name, Work prepare, Work before, Work beforeOthers) {
    return new Comparison(
        id,
        name,
        "entries/s",
        prepare,
        before,
        beforeOthers,
        () -> FileWork.list(bed.mounted().resolve(Data.TREE)),
        Optional.of(() -> FileWork.list(bed.local().resolve(Data.TREE))),
        Optional.empty());
  }

  private Comparison writes() {
    byte[] content = Data.random(Data.SMALL_BYTES);
    Path written = bed.mounted().resolve("written");
    Path localWritten = bed.local().resolve("written");
    List<String> keys =
        IntStream.range(0, WRITTEN_FILES).mapToObj(i -> "written-raw/file-" + i).toList();
    return new Comparison(
        "P9",
        WRITTEN_FILES + " files of 64 KiB written one after another, each in OSS when closed",
        "files/s",
        NOTHING,
        () -> FileWork.clear(written),
        () -> FileWork.clear(localWritten),
        () -> FileWork.writeAll(written, WRITTEN_FILES, content),
        Optional.of(() -> FileWork.writeAll(localWritten, WRITTEN_FILES, content)),
        Optional.of(() -> bed.sdk().putEach(keys, content)));
  }
}
