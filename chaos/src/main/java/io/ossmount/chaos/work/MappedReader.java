package io.ossmount.chaos.work;

import io.ossmount.chaos.content.Content;
import io.ossmount.chaos.content.Dataset;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;

/** Maps a file, reads its pages in any order, and maps it anew after a while. */
final class MappedReader implements Workload {
  private static final int PIECES = 400;

  private final Optional<SequentialReader> warming;
  private final Site site;
  private final Dataset.File file;
  private final int pieces;
  private final ToLongFunction<SplittableRandom> place;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(Content.BLOCK);

  /** Everywhere in a file that is wholly in the cache when it is mapped. */
  MappedReader(Site site, Dataset.File file) {
    this(
        Optional.of(SequentialReader.warming(site, file)),
        site,
        file,
        PIECES,
        random -> random.nextLong(file.size() / Content.BLOCK) * Content.BLOCK);
  }

  /**
   * Reads so many pieces of a mapping, wherever they are.
   *
   * @param place of each, a multiple of {@link Content#BLOCK}
   */
  MappedReader(Site site, Dataset.File file, int pieces, ToLongFunction<SplittableRandom> place) {
    this(Optional.empty(), site, file, pieces, place);
  }

  private MappedReader(
      Optional<SequentialReader> warming,
      Site site,
      Dataset.File file,
      int pieces,
      ToLongFunction<SplittableRandom> place) {
    this.warming = warming;
    this.site = site;
    this.file = file;
    this.pieces = pieces;
    this.place = place;
  }

  @Override
  public void step(Probe probe) throws Stopped {
    if (warming.isPresent()) {
      warming.get().step(probe);
    }
    // Unmapped at once in the end, not when the collector finds it.
    try (var arena = Arena.ofConfined()) {
      var mapping = map(probe, arena);
      for (int i = 0; i < pieces; i++) {
        var at = place.applyAsLong(site.random());
        probe.run(Operation.MAPPED_READ, file.path() + " at " + at, () -> copy(mapping, at));
        probe.check(buffer.clear(), site.data().of(file), at, file.path());
        Pacing.afterReads();
      }
    }
  }

  private MemorySegment map(Probe probe, Arena arena) throws Stopped {
    var channel = probe.run(Operation.OPEN, file.path(), () -> FileChannel.open(site.at(file)));
    try {
      if (warming.isPresent()) {
        warming.get().again(probe, channel);
      }
      return probe.run(
          Operation.OPEN,
          file.path(),
          () -> channel.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena));
    } finally {
      Closing.quietly(channel);
    }
  }

  private void copy(MemorySegment mapping, long at) {
    MemorySegment.copy(mapping, at, MemorySegment.ofBuffer(buffer.clear()), 0, Content.BLOCK);
  }
}
