package io.ossmount.chaos.work;

import io.ossmount.chaos.content.Content;
import io.ossmount.chaos.content.Dataset;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Maps a file, reads its pages in any order, and maps it anew after a while. */
final class MappedReader implements Workload {
  private static final int PIECES = 400;

  private final Site site;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(Content.BLOCK);

  MappedReader(Site site) {
    this.site = site;
  }

  @Override
  public void step(Probe probe) throws Stopped {
    var file = Dataset.MAPPED;
    // Unmapped at once in the end, not when the collector finds it.
    try (var arena = Arena.ofConfined()) {
      var mapping = map(probe, file, arena);
      for (int i = 0; i < PIECES; i++) {
        var at = site.random().nextLong(file.size() / Content.BLOCK) * Content.BLOCK;
        probe.run(Operation.MAPPED_READ, file.path() + " at " + at, () -> copy(mapping, at));
        probe.check(buffer.clear(), site.data().of(file), at, file.path());
        Pacing.afterReads();
      }
    }
  }

  private MemorySegment map(Probe probe, Dataset.File file, Arena arena) throws Stopped {
    var channel = probe.run(Operation.OPEN, file.path(), () -> FileChannel.open(site.at(file)));
    try {
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
