package io.ossmount.cache.fs;

import io.ossmount.cache.block.CacheLimits;
import io.ossmount.cache.block.DiskBlockCache;
import io.ossmount.cache.config.MountSettings.Credentials;
import io.ossmount.cache.config.MountSettings.Source;
import io.ossmount.cache.config.MountSettings.Timeouts;
import io.ossmount.cache.serve.Processes;
import io.ossmount.cache.store.Content;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.RetryingObjectStore;
import io.ossmount.cache.store.oss.OssObjectStore;
import io.ossmount.cache.write.StagingArea;
import io.ossmount.cache.write.Uploader;
import io.ossmount.emulator.OssEmulator;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.fuse.server.FuseServer;
import io.ossmount.fuse.server.LocalMount;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * The whole way: a mount of this kernel, the file system, the block cache on disk, the OSS SDK and
 * the emulator. Needs root and /dev/fuse, and fails where they are missing.
 */
final class KernelMount implements AutoCloseable {
  private static final long PART_BYTES = 1 << 20;
  private static final Duration PROGRAM_TIMEOUT = Duration.ofSeconds(90);

  final OssEmulator emulator;
  final ObjectStore store;
  final Path root;
  MountTree tree;
  DiskBlockCache blocks;
  private final OssObjectStore client;
  private FuseServer server;
  private LocalMount mount;
  private final Path directory;
  private final Settings settings;

  /**
   * How it is mounted.
   *
   * @param limits of the block cache
   * @param options of the tree
   * @param operation time for one call of the store
   * @param unwantedFlags of FUSE INIT
   */
  record Settings(
      CacheLimits limits, MountOptions options, Duration operation, long unwantedFlags) {
    static final Settings USUAL =
        new Settings(
            new CacheLimits(1L << 30, 0, 256L << 20),
            MountOptions.usual(),
            Duration.ofSeconds(20),
            0);

    Settings withCacheBytes(long bytes) {
      var limited = new CacheLimits(bytes, limits.keepFreeBytes(), limits.readAheadBytes());
      return new Settings(limited, options, operation, unwantedFlags);
    }

    Settings withTimeouts(Duration metadata) {
      var changed =
          new MountOptions(
              options.prefix(), metadata, metadata, metadata, options.files(), options.readOnly());
      return new Settings(limits, changed, operation, unwantedFlags);
    }

    Settings withOperation(Duration timeout) {
      return new Settings(limits, options, timeout, unwantedFlags);
    }

    Settings withoutFlags(long flags) {
      return new Settings(limits, options, operation, flags);
    }
  }

  KernelMount(Path directory) throws IOException {
    this(directory, Settings.USUAL);
  }

  KernelMount(Path directory, Settings settings) throws IOException {
    this.directory = directory;
    this.settings = settings;
    this.emulator =
        OssEmulator.builder()
            .directory(directory.resolve("oss"))
            .bucket("bucket")
            .accessKey("id", "secret")
            .start();
    Credentials credentials = new Credentials("id", "secret", Optional.empty());
    this.client =
        OssObjectStore.connect(
            new Source(
                "bucket",
                "",
                URI.create(emulator.endpoint()),
                "cn-test",
                true,
                Optional.of(credentials)),
            new Timeouts(Duration.ofSeconds(5), settings.operation));
    this.store = new RetryingObjectStore(client, settings::operation, failure -> {});
    this.root = Files.createDirectories(directory.resolve("mnt"));
    this.blocks = startBlocks();
    this.tree = startTree();
    this.server = startServer();
    this.mount = mount(root, SessionView.WHOLE);
  }

  private DiskBlockCache startBlocks() throws IOException {
    return DiskBlockCache.start(blocksDirectory(), "bucket", store, settings.limits);
  }

  private MountTree startTree() throws IOException {
    return new MountTree(
        settings.options,
        new MountTree.Parts(
            store,
            blocks,
            StagingArea.open(directory.resolve("staging"), 1L << 30),
            new Uploader(store, PART_BYTES),
            Clock.systemUTC(),
            System::nanoTime));
  }

  private FuseServer startServer() throws IOException {
    FuseServer.Options usual = FuseServer.Options.defaults();
    return FuseServer.start(
        new FuseServer.Options(usual.readers(), usual.answerBytes(), settings.unwantedFlags));
  }

  /** Where the block cache has its files. */
  Path blocksDirectory() {
    return directory.resolve("blocks");
  }

  /** Puts an object as another client would, which the mount is not told of. */
  byte[] put(String key, byte[] bytes) {
    store.put(key, new Content.OfBuffer(ByteBuffer.wrap(bytes)), ObjectMetadata.NONE);
    return bytes;
  }

  /** Bytes that are the same for the same seed. */
  static byte[] random(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Ends the mount, does something, and mounts again with what the old one has left on disk. */
  void restart(AfterEnd between) throws IOException {
    end();
    between.run();
    blocks = startBlocks();
    tree = startTree();
    server = startServer();
    mount = mount(root, SessionView.WHOLE);
  }

  /** What happens while nothing is mounted. */
  interface AfterEnd {
    void run() throws IOException;
  }

  /** The same bucket as another node mounts it, which knows nothing of this one. */
  LocalMount again() throws IOException {
    MountTree other =
        new MountTree(
            MountOptions.usual(),
            new MountTree.Parts(
                store,
                new HeapBlockCache(store),
                StagingArea.open(directory.resolve("staging-again"), 1L << 30),
                new Uploader(store, PART_BYTES),
                Clock.systemUTC(),
                System::nanoTime));
    return LocalMount.mount(
        server,
        Files.createDirectories(directory.resolve("mnt-again")),
        FuseMount.Options.of("bucket"),
        state -> SessionFileSystem.begin(other, SessionView.WHOLE, state, Processes.OF_OWN_MOUNT));
  }

  /** Another session of the same mount. */
  LocalMount mount(Path target, SessionView view) throws IOException {
    return LocalMount.mount(
        server,
        target,
        FuseMount.Options.of("bucket"),
        state -> SessionFileSystem.begin(tree, view, state, Processes.OF_OWN_MOUNT));
  }

  /** How files were opened. */
  OpenCounts opens() {
    return tree.activity().opens();
  }

  /** Runs a program to its end and gives its output; fails when the program does. */
  static String run(Path directory, String... command) {
    try {
      Path output = Files.createTempFile("program", ".out");
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      process.getOutputStream().close();
      boolean ended = process.waitFor(PROGRAM_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly();
      }
      String text = Files.readString(output);
      Files.delete(output);
      if (!ended || process.exitValue() != 0) {
        throw new AssertionError(
            List.of(command) + (ended ? " failed: " : " does not end: ") + text);
      }
      return text;
    } catch (IOException e) {
      throw new AssertionError(command[0] + " cannot be run: build/packages installs it", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws IOException {
    end();
    client.close();
    emulator.close();
  }

  private void end() throws IOException {
    mount.close();
    tree.close();
    server.close();
    blocks.close();
  }
}
