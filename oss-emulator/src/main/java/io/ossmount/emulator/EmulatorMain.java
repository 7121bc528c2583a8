package io.ossmount.emulator;

import io.ossmount.emulator.admin.AdminService;
import io.ossmount.emulator.auth.AccessKey;
import io.ossmount.emulator.http.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The emulator as a process. */
@Command(
    name = "oss-emulator",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Serves the protocol of Alibaba Cloud OSS from a directory.")
public final class EmulatorMain implements Callable<Integer> {
  @Option(names = "--directory", required = true, description = "Where the objects are.")
  private Path directory;

  @Option(names = "--listen", defaultValue = "0.0.0.0", description = "Address; ${DEFAULT-VALUE}.")
  private String listen;

  @Option(names = "--port", defaultValue = "9000", description = "Port; ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--admin-port",
      defaultValue = "-1",
      description = "Port of the admin API; without this option there is none.")
  private int adminPort;

  @Option(names = "--bucket", description = "A bucket to make; may be repeated.")
  private List<String> buckets = List.of();

  @Option(
      names = "--seed",
      paramLabel = "BUCKET=DIRECTORY",
      converter = SeedConverter.class,
      description = "Files that become objects unless they are there; may be repeated.")
  private List<Seed> seeds = List.of();

  @Option(
      names = "--access-key",
      required = true,
      paramLabel = "ID:SECRET[:RIGHTS[:PREFIX]]",
      converter = KeyConverter.class,
      description = "A key; rights are full, read-only, no-list or none; may be repeated.")
  private List<AccessKey> keys;

  @Option(
      names = "--host-suffix",
      description = "A name of the service: BUCKET.SUFFIX is a bucket; may be repeated.")
  private List<String> hostSuffixes = List.of();

  @Option(names = "--region", description = "The only region that V4 signatures may be for.")
  private Optional<String> region = Optional.empty();

  @Option(names = "--tls-keystore", description = "PKCS12 file; serves HTTPS.")
  private Optional<Path> keyStore = Optional.empty();

  @Option(
      names = "--tls-keystore-password",
      defaultValue = "${env:OSS_EMULATOR_KEYSTORE_PASSWORD:-changeit}",
      description = "Default: $OSS_EMULATOR_KEYSTORE_PASSWORD, or changeit.")
  private char[] keyStorePassword;

  private EmulatorMain() {}

  /** Starts it and stays until the process is told to end. */
  public static void main(String[] args) {
    if (System.getProperty("logback.configurationFile") == null) {
      System.setProperty("logback.configurationFile", "logback-emulator.xml");
    }
    System.exit(new CommandLine(new EmulatorMain()).execute(args));
  }

  private static final class KeyConverter implements ITypeConverter<AccessKey> {
    @Override
    public AccessKey convert(String value) {
      try {
        return AccessKey.parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  private static final class SeedConverter implements ITypeConverter<Seed> {
    @Override
    public Seed convert(String value) {
      try {
        return Seed.parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    OssEmulator.Builder builder =
        OssEmulator.builder().directory(directory).address(new InetSocketAddress(listen, port));
    buckets.forEach(builder::bucket);
    keys.forEach(builder::accessKey);
    hostSuffixes.forEach(builder::hostSuffix);
    region.ifPresent(builder::region);
    if (keyStore.isPresent()) {
      builder.tls(KeyStores.serverContext(keyStore.get(), keyStorePassword));
    }
    CountDownLatch told = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(told::countDown));
    try (OssEmulator emulator = builder.start()) {
      for (Seed seed : seeds) {
        seed.plant(emulator.buckets());
      }
      Optional<HttpServer> admin = startAdmin(emulator);
      System.out.printf(
          "oss-emulator is ready on port %d%s with buckets %s%n",
          emulator.port(),
          admin.map(server -> " (admin API on port " + server.port() + ")").orElse(""),
          emulator.bucketNames());
      told.await();
      admin.ifPresent(HttpServer::close);
    }
    return 0;
  }

  private Optional<HttpServer> startAdmin(OssEmulator emulator) throws IOException {
    if (adminPort < 0) {
      return Optional.empty();
    }
    return Optional.of(
        HttpServer.start(
            new InetSocketAddress(listen, adminPort),
            Optional.empty(),
            new AdminService(emulator.requests(), emulator.faults(), emulator.keys())));
  }
}
