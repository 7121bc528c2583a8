package io.ossmount.bench;

import io.ossmount.bench.Goal.Bound;
import io.ossmount.bench.Goal.Yardstick;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Writing. A run ends when the bucket has all of it: for OssMount that is when {@code close} has
 * returned, others may go on for a while.
 */
final class WriteComparisons {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int CHUNKS = 256;
  private static final int SMALL_FILES = 500;
  private static final int WRITERS = 16;
  private static final Goal GOAL =
      Goal.of(new Bound(Yardstick.RAW, 0.9), new Bound(Yardstick.BEST_PEER, 1));

  private final Bed bed;
  private final byte[] chunk = Data.random(CHUNK_BYTES);
  private final byte[] content = Data.random(Data.SMALL_BYTES);

  WriteComparisons(Bed bed) {
    this.bed = bed;
  }

  List<Comparison> all() {
    return List.of(large(), small("P9-1", 1), small("P9-16", WRITERS));
  }

  private Comparison large() {
    String raw = directory(Side.RAW) + "/large";
    return new Sides(bed)
        .mounts(
            mount -> Trial.of(mount, () -> clear(mount.point(), mount.side()), () -> large(mount)))
        .local(() -> clear(bed.local(), Side.LOCAL), () -> write(bed.local(), Side.LOCAL))
        .raw(Work.NOTHING, () -> bed.sdk().upload(raw, chunk, CHUNKS))
        .rate("P8", CHUNKS + " MiB written, until the bucket has it", "MiB/s", GOAL);
  }

  private double large(Mount mount) throws IOException, InterruptedException {
    double mebibytes = write(mount.point(), mount.side());
    bed.sdk().await(directory(mount.side()) + "/large", 1, (long) CHUNK_BYTES * CHUNKS);
    return mebibytes;
  }

  private double write(Path where, Side side) throws IOException {
    Path directory = Files.createDirectories(where.resolve(directory(side)));
    return FileWork.write(directory.resolve("large"), chunk, CHUNKS);
  }

  private Comparison small(String id, int writers) {
    return new Sides(bed)
        .mounts(mount ->
            Trial.of(mount, () -> clear(mount.point(), mount.side()), () -> small(mount, writers)))
        .local(() -> clear(bed.local(), Side.LOCAL), () -> write(bed.local(), Side.LOCAL, writers))
        .raw(Work.NOTHING, () -> bed.sdk().putEach(keys(Side.RAW), content, writers))
        .rate(
            id,
            "%d files of 64 KiB written, until the bucket has them, writers: %d"
                .formatted(SMALL_FILES, writers),
            "files/s",
            GOAL);
  }

  private double small(Mount mount, int writers) throws IOException, InterruptedException {
    double files = write(mount.point(), mount.side(), writers);
    bed.sdk()
        .await(
            directory(mount.side()) + "/file-", SMALL_FILES, (long) content.length * SMALL_FILES);
    return files;
  }

  private double write(Path where, Side side, int writers)
      throws IOException, InterruptedException {
    return FileWork.writeAll(where.resolve(directory(side)), names(), content, writers);
  }

  private static double clear(Path where, Side side) throws IOException {
    return FileWork.clear(where.resolve(directory(side)));
  }

  private static List<String> names() {
    return IntStream.range(0, SMALL_FILES).mapToObj(i -> "file-%03d".formatted(i)).toList();
  }

  private static List<String> keys(Side side) {
    return names().stream().map(name -> directory(side) + "/" + name).toList();
  }

  private static String directory(Side side) {
    return "written-" + side.name().toLowerCase(Locale.ROOT);
  }
}
