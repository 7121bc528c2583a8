package io.ossmount.bench.hot;

import io.ossmount.cache.write.StagedFile;
import io.ossmount.cache.write.StagingArea;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Writes to a staged file: the bytes to the file, and what the next process must know of them. */
@State(Scope.Thread)
public class StagingBenchmark {
  private static final int PAGE = 4096;
  private static final int LARGE = 1 << 20;

  /** So long a file becomes, and is cut then. */
  private static final long LIMIT = 64L << 20;

  private final MemorySegment page = Arena.ofAuto().allocate(PAGE);
  private final MemorySegment large = Arena.ofAuto().allocate(LARGE);
  private Path directory;
  private StagedFile file;

  /** For JMH. */
  @SuppressWarnings("NullAway.Init") // JMH calls prepare
  public StagingBenchmark() {}

  /** Before each fork's runs. */
  @Setup
  public void prepare() throws IOException {
    directory = Files.createTempDirectory("ossmount-hot");
    file = StagingArea.open(directory, 1L << 30).create("file", Optional.empty());
  }

  /** After them. */
  @TearDown
  public void end() throws IOException {
    file.discard();
    try (Stream<Path> left = Files.walk(directory)) {
      for (Path each : left.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  /** 4 KiB at the end of the file: the journal's last record grows. */
  @Benchmark
  public long appendPage() {
    return append(page);
  }

  /** 1 MiB at the end of the file. */
  @Benchmark
  public long appendLarge() {
    return append(large);
  }

  /** 4 KiB over what was written: the journal has nothing to tell. */
  @Benchmark
  public long overwritePage() {
    file.write(0, page);
    return file.size();
  }

  private long append(MemorySegment bytes) {
    if (file.size() >= LIMIT) {
      file.truncate(0);
    }
    file.write(file.size(), bytes);
    return file.size();
  }
}
