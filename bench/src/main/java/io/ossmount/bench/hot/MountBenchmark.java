package io.ossmount.bench.hot;

import io.ossmount.cache.fs.MountOptions;
import io.ossmount.cache.fs.MountSessions;
import io.ossmount.cache.fs.MountTree;
import io.ossmount.cache.serve.Processes;
import io.ossmount.cache.serve.SessionOptions;
import io.ossmount.cache.write.StagingArea;
import io.ossmount.cache.write.Uploader;
import io.ossmount.fuse.BackingFiles;
import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.Notifier;
import io.ossmount.fuse.SessionState;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.time.Clock;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Whole requests to a mount that knows and has what they ask for: bytes in, bytes out. */
@State(Scope.Thread)
public class MountBenchmark {
  private static final int PAGE = 4096;

  private FilledCache cache;
  private Uploader uploader;
  private MountTree tree;
  private Kernel kernel;
  private MemorySegment lookup;
  private MemorySegment getattr;
  private MemorySegment read;

  /** For JMH. */
  @SuppressWarnings("NullAway.Init") // JMH calls prepare
  public MountBenchmark() {}

  /** Before each fork's runs. */
  @Setup
  public void prepare() throws IOException, InterruptedException {
    OneObject store = new OneObject();
    cache = FilledCache.start(store);
    uploader = new Uploader(store, 16 << 20);
    tree =
        new MountTree(
            MountOptions.usual(),
            new MountTree.Parts(
                store,
                cache.blocks(),
                StagingArea.open(
                    Files.createDirectories(cache.directory().resolve("staging")), 1 << 20),
                uploader,
                Clock.systemUTC(),
                System::nanoTime));
    SessionOptions session =
        new SessionOptions("", false, OptionalInt.empty(), OptionalInt.empty(), 0, "", false);
    kernel =
        new Kernel(
            new MountSessions(tree)
                .forSession(
                    session,
                    new SessionState(1, Notifier.NONE, BackingFiles.NONE),
                    Processes.UNKNOWN)
                .fileSystem());
    lookup = kernel.lookup(FileSystem.ROOT, OneObject.VERSION.key());
    long node = kernel.number(lookup);
    getattr = kernel.getattr(node);
    read = kernel.read(node, kernel.number(kernel.open(node)), PAGE);
  }

  /** After them. */
  @TearDown
  public void end() throws IOException {
    tree.close();
    uploader.close();
    cache.close();
  }

  /** LOOKUP of a name whose object is known: name to inode. */
  @Benchmark
  public int lookup() {
    return kernel.ask(lookup);
  }

  /** GETATTR. */
  @Benchmark
  public int getattr() {
    return kernel.ask(getattr);
  }

  /** READ of 4 KiB anywhere. */
  @Benchmark
  public int read() {
    long pages = OneObject.VERSION.size() / PAGE;
    return kernel.ask(Kernel.at(read, ThreadLocalRandom.current().nextLong(pages) * PAGE));
  }
}
