package io.ossmount.bench.hot;

import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.Caller;
import io.ossmount.fuse.Entry;
import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.Outcome;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Requests decoded and answers encoded, with a file system that does nothing. */
@State(Scope.Thread)
public class ProtocolBenchmark {
  private static final int PAGE = 4096;

  private Kernel kernel;
  private MemorySegment lookup;
  private MemorySegment getattr;
  private MemorySegment read;

  /** For JMH. */
  @SuppressWarnings("NullAway.Init") // JMH calls prepare
  public ProtocolBenchmark() {}

  /** Before each fork's runs. */
  @Setup
  public void prepare() {
    kernel = new Kernel(new Nothing());
    lookup = kernel.lookup(FileSystem.ROOT, "file-0001");
    getattr = kernel.getattr(FileSystem.ROOT);
    read = kernel.read(FileSystem.ROOT, 1, PAGE);
  }

  /** LOOKUP. */
  @Benchmark
  public int lookup() {
    return kernel.ask(lookup);
  }

  /** GETATTR. */
  @Benchmark
  public int getattr() {
    return kernel.ask(getattr);
  }

  /** READ. */
  @Benchmark
  public int read() {
    return kernel.ask(read);
  }

  private static final class Nothing implements FileSystem {
    private static final Attributes ATTRIBUTES =
        new Attributes(
            1,
            PAGE,
            Attributes.REGULAR | 0644,
            1,
            0,
            0,
            Instant.EPOCH,
            Instant.EPOCH,
            Instant.EPOCH,
            Duration.ofSeconds(1));
    private static final Outcome<Attributes> SAME = Outcome.of(ATTRIBUTES);
    private static final Outcome<Entry> FOUND =
        Outcome.of(new Entry(2, Duration.ofSeconds(1), ATTRIBUTES));
    private static final Outcome<Integer> FULL = Outcome.of(PAGE);

    @Override
    public Outcome<Entry> lookup(Caller caller, long parent, String name) {
      return FOUND;
    }

    @Override
    public Outcome<Attributes> getattr(Caller caller, long node, long handle) {
      return SAME;
    }

    @Override
    public Outcome<Integer> read(
        Caller caller, long node, long handle, long offset, MemorySegment into) {
      return FULL;
    }
  }
}
