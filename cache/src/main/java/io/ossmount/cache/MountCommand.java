package io.ossmount.cache;

import io.ossmount.cache.block.DiskBlockCache;
import io.ossmount.cache.config.MountPath;
import io.ossmount.cache.config.MountSettings;
import io.ossmount.cache.config.MountSettings.Cache;
import io.ossmount.cache.config.MountSettings.Credentials;
import io.ossmount.cache.config.MountSettings.Files;
import io.ossmount.cache.config.MountSettings.MetadataCache;
import io.ossmount.cache.config.MountSettings.MountName;
import io.ossmount.cache.config.MountSettings.NestedMount;
import io.ossmount.cache.config.MountSettings.Source;
import io.ossmount.cache.config.MountSettings.Timeouts;
import io.ossmount.cache.config.MountSettings.Write;
import io.ossmount.cache.config.ReadMode;
import io.ossmount.cache.config.WriteMode;
import io.ossmount.cache.memory.MemoryPlan;
import io.ossmount.cache.serve.Processes;
import io.ossmount.cache.serve.SessionOptions;
import io.ossmount.cache.serve.SessionsToCome;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.RetryingObjectStore;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.oss.OssObjectStore;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.fuse.server.FuseServer;
import io.ossmount.fuse.server.LocalMount;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Mounts a bucket on this machine, without Kubernetes, until the process is ended or the mount is
 * unmounted.
 */
@Command(
    name = "mount",
    mixinStandardHelpOptions = true,
    description = {
      "Mounts a bucket, or a directory of it, until SIGTERM, SIGINT or umount. Needs root.",
      "Credentials come from OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET and OSS_SESSION_TOKEN."
    })
final class MountCommand implements Callable<Integer> {
  private static final int OCTAL = 8;
  private static final int PERMISSIONS = 0777;
  private static final int MAX_PORT = 65535;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private SourceOptions where = new SourceOptions();

  @Parameters(index = "1", paramLabel = "PATH", description = "Where; an existing directory.")
  private Path target;

  @Option(
      names = "--cache-dir",
      defaultValue = "/var/cache/ossmount",
      description = "For blocks and staged writes; ${DEFAULT-VALUE}.")
  private Path cacheDirectory;

  @Option(
      names = "--cache-size",
      defaultValue = "10240",
      paramLabel = "MIB",
      description = "Most MiB of cached blocks; ${DEFAULT-VALUE}.")
  private long cacheMebibytes;

  @Option(
      names = "--keep-free",
      defaultValue = "1024",
      paramLabel = "MIB",
      description = "MiB of the cache's disk that stay free; ${DEFAULT-VALUE}.")
  private long keepFreeMebibytes;

  @Option(
      names = "--read-ahead",
      paramLabel = "MIB",
      defaultValue = "256",
      description =
          "Most MiB that are fetched ahead of readers at a time; default: ${DEFAULT-VALUE}.")
  private long readAheadMebibytes;

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      description = "Where Prometheus finds /metrics, 0: any that is free; not at all by default.")
  private Optional<Integer> metricsPort = Optional.empty();

  @Option(
      names = "--metrics-address",
      defaultValue = "127.0.0.1",
      paramLabel = "ADDRESS",
      description = "Address of that port; ${DEFAULT-VALUE}.")
  private InetAddress metricsAddress;

  @Option(
      names = "--read-mode",
      defaultValue = "CACHE",
      paramLabel = "MODE",
      description = "Cache keeps what was read on the disk, None does not; ${DEFAULT-VALUE}.")
  private ReadMode readMode;

  @Option(
      names = "--write-mode",
      defaultValue = "THROUGH",
      paramLabel = "MODE",
      description = {
        "When close(2) of a written file returns: Through, when OSS has it; Async, when it is",
        "durable in --cache-dir and goes up later, by this process or the next; ${DEFAULT-VALUE}."
      })
  private WriteMode writeMode;

  @Option(
      names = "--nested",
      paramLabel = "PATH=BUCKET[/DIR]",
      description =
          "Another bucket, or a directory of it, at a path of the mount; with the same endpoint and"
              + " credentials. May be given several times.")
  private Map<String, String> nested = new LinkedHashMap<>();

  @Option(names = "--read-only", description = "Nothing can be written.")
  private boolean isReadOnly;

  @Option(names = "--uid", defaultValue = "0", description = "Owner of what does not say it.")
  private int uid;

  @Option(names = "--gid", defaultValue = "0", description = "Group of what does not say it.")
  private int gid;

  @Option(
      names = "--umask",
      defaultValue = "022",
      description = "Permission bits, octal, that files do not have; ${DEFAULT-VALUE}.")
  private String umask;

  @Override
  public Integer call() throws IOException, InterruptedException {
    MountSettings settings = settings(System.getenv());
    MemoryPlan memory = Memory.plan();
    try (OssObjectStore oss = OssObjectStore.connect(settings.source(), settings.timeouts());
        MetricsPort metrics = MetricsPort.open(metricsPort.map(this::metricsAddress))) {
      metrics.number().ifPresent(this::sayPort);
      ObjectStore store =
          new RetryingObjectStore(
              metrics.counted(oss), () -> settings.timeouts().operation(), metrics::failed);
      store.check(settings.source().prefix(), !settings.readOnly());
      try (DiskBlockCache blocks =
              DiskBlockCache.start(
                  cacheDirectory.resolve("blocks"),
                  settings.source().bucket(),
                  store,
                  CachePod.limits(settings),
                  Memory.ofBlocks(memory));
          FuseServer server = FuseServer.start(Memory.ofServer(memory), metrics.requests())) {
        serve(
            settings,
            server,
            () -> {
              MountedFiles files =
                  MountedFiles.of(
                      settings,
                      memory,
                      store,
                      blocks,
                      cacheDirectory.resolve("staging"),
                      hostName(),
                      SessionsToCome.NONE,
                      metrics);
              metrics.watch(blocks, files.activity());
              return files;
            });
      }
      return 0;
    } catch (StoreException failure) {
      return failed(failure.getMessage());
    } catch (IOException failure) {
      // Of a file, the message may be the path alone: the class says what is wrong with it.
      return failed(failure.getClass().getSimpleName() + ": " + failure.getMessage());
    }
  }

  /** Something that files are made of. */
  private interface Ground {
    MountedFiles files() throws IOException;
  }

  private void serve(MountSettings settings, FuseServer server, Ground ground)
      throws IOException, InterruptedException {
    FuseMount.Options options =
        FuseMount.Options.of(settings.source().bucket()).withReadOnly(isReadOnly);
    SessionOptions session =
        new SessionOptions(
            "", isReadOnly, OptionalInt.empty(), OptionalInt.empty(), 0, where.bucket(), false);
    CountDownLatch over = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    // What was written is sent before the process may end.
    try (MountedFiles files = ground.files();
        LocalMount local =
            LocalMount.mount(
                server,
                target,
                options,
                state ->
                    files
                        .sessions()
                        .forSession(session, state, Processes.OF_OWN_MOUNT)
                        .fileSystem())) {
      var _ = local.session().ended().thenRun(over::countDown);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(over, closed), "shutdown"));
      spec.commandLine().getOut().println(where.bucket() + " is mounted on " + target);
      over.await();
    } finally {
      closed.countDown();
    }
  }

  /** The process was asked to end: it does when the mount is gone. */
  private static void end(CountDownLatch over, CountDownLatch closed) {
    over.countDown();
    awaitQuietly(closed);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private MountSettings settings(Map<String, String> environment) {
    Source source = where.source(spec.commandLine(), credentials(environment));
    int mask = mask();
    return new MountSettings(
        new MountName("", "", ""),
        source,
        isReadOnly,
        new Files(uid, gid, 0666 & ~mask, 0777 & ~mask),
        MetadataCache.DEFAULT,
        new Cache(
            cacheMebibytes << 20, keepFreeMebibytes << 20, readAheadMebibytes << 20, readMode),
        Timeouts.DEFAULT,
        Write.DEFAULT.with(writeMode),
        "",
        nested.entrySet().stream()
            .map(mount ->
                new NestedMount(
                    path(mount.getKey()),
                    where.source(spec.commandLine(), mount.getValue(), credentials(environment)),
                    isReadOnly,
                    MetadataCache.DEFAULT))
            .toList());
  }

  private String path(String text) {
    if (!MountPath.isRight(text)) {
      throw wrong("--nested has no path of names with / between them: " + text);
    }
    return text;
  }

  private InetSocketAddress metricsAddress(int port) {
    if (port < 0 || port > MAX_PORT) {
      throw wrong("--metrics-port is no port: " + port);
    }
    return new InetSocketAddress(metricsAddress, port);
  }

  private void sayPort(int number) {
    spec.commandLine().getOut().println("metrics are on port " + number);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "";
    }
  }

  private int mask() {
    if (!umask.matches("[0-7]{1,4}")) {
      throw wrong("--umask is no octal number of permission bits: " + umask);
    }
    return Integer.parseInt(umask, OCTAL) & PERMISSIONS;
  }

  private CommandLine.ParameterException wrong(String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }

  private int failed(@Nullable String message) {
    spec.commandLine().getErr().println("ossmount: " + message);
    return 1;
  }

  static Optional<Credentials> credentials(Map<String, String> environment) {
    String id = environment.get("OSS_ACCESS_KEY_ID");
    String secret = environment.get("OSS_ACCESS_KEY_SECRET");
    if (id == null || secret == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Credentials(id, secret, Optional.ofNullable(environment.get("OSS_SESSION_TOKEN"))));
  }
}
