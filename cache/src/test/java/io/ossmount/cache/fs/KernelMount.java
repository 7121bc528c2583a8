package io.ossmount.cache.fs;

import io.ossmount.cache.block.CacheLimits;
import io.ossmount.cache.block.DiskBlockCache;
import io.ossmount.cache.config.MountSettings.Credentials;
import io.ossmount.cache.config.MountSettings.Source;
import io.ossmount.cache.config.MountSettings.Timeouts;
import io.ossmount.cache.store.ObjectStore;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
  final MountTree tree;
  final Path root;
  private final OssObjectStore client;
  final DiskBlockCache blocks;
  private final FuseServer server;
  private final LocalMount mount;
  private final Path directory;

  KernelMount(Path directory) throws IOException {
    this.directory = directory;
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
            new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(20)));
    this.store = new RetryingObjectStore(client, () -> Duration.ofSeconds(20), failure -> {});
    this.blocks =
        DiskBlockCache.start(
            directory.resolve("blocks"), "bucket", store, new CacheLimits(1L << 30, 0, 256L << 20));
    this.tree =
        new MountTree(
            MountOptions.usual(),
            new MountTree.Parts(
                store,
                blocks,
                StagingArea.open(directory.resolve("staging"), 1L << 30),
                new Uploader(store, PART_BYTES),
                Clock.systemUTC(),
                System::nanoTime));
    this.server = FuseServer.start(FuseServer.Options.DEFAULT);
    this.root = Files.createDirectories(directory.resolve("mnt"));
    this.mount = mount(root, SessionView.WHOLE);
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
        state -> SessionFileSystem.begin(other, SessionView.WHOLE, state));
  }

  /** Another session of the same mount. */
  LocalMount mount(Path target, SessionView view) throws IOException {
    return LocalMount.mount(
        server,
        target,
        FuseMount.Options.of("bucket"),
        state -> SessionFileSystem.begin(tree, view, state));
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
    mount.close();
    tree.close();
    server.close();
    blocks.close();
    client.close();
    emulator.close();
  }
}
