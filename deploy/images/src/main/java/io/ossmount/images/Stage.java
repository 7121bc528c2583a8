package io.ossmount.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a cache process needs around it to serve a mount, without Kubernetes: the emulator with a
 * bucket, a configuration, and the node plugin's end of the socket. Where this process may not
 * mount there is no plugin, and nothing is served.
 */
final class Stage implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("ready on port (\\d+)");
  private static final Pattern ANSWERING = Pattern.compile("answering the operator");

  private final Path place;
  private final Child emulator;
  private final @Nullable StandInPlugin plugin;

  private Stage(Path place, Child emulator, @Nullable StandInPlugin plugin) {
    this.place = place;
    this.emulator = emulator;
    this.plugin = plugin;
  }

  /**
   * Sets it up.
   *
   * @param place an empty directory
   * @param jars of the emulator
   * @param objects a directory whose files are the objects of the bucket
   * @param cacheBytes most that the cache takes of the disk
   */
  static Stage set(Path place, ClassPath jars, Path objects, long cacheBytes)
      throws IOException, InterruptedException, GeneralSecurityException {
    Files.createDirectories(place.resolve("node/cache"));
    Files.createDirectories(place.resolve("configuration"));
    Files.createDirectories(place.resolve("mnt"));
    var emulator = Child.start(emulator(place, jars, objects), place.resolve("emulator.log"));
    try {
      configure(place.resolve("configuration"), emulator.await(READY).group(1), cacheBytes);
      return new Stage(place, emulator, plugin(place));
    } catch (IOException | InterruptedException | GeneralSecurityException e) {
      emulator.close();
      throw e;
    }
  }

  /** Where the files of the bucket are. */
  Path target() {
    return place.resolve("mnt");
  }

  boolean isMounted() {
    return plugin != null;
  }

  /** The environment of the cache process, as arguments of {@code env}. */
  List<String> environment() {
    return List.of(
        "OSSMOUNT_CONFIGURATION=" + configuration(),
        "OSSMOUNT_NODE_DIRECTORY=" + node(),
        "OSSMOUNT_CONTROL_PORT=0",
        "OSSMOUNT_HEALTH_PORT=0");
  }

  /** Of the process: {@code mount.json} and certificates. */
  Path configuration() {
    return place.resolve("configuration");
  }

  /** Of the process: the plugin's socket, and what is cached. */
  Path node() {
    return place.resolve("node");
  }

  /** Waits until the mount is served: by a process, or after that by the next one. */
  void awaitServed() throws IOException, InterruptedException {
    if (plugin != null) {
      plugin.awaitServed();
    }
  }

  /** Waits until it has all that it will have; there may be no mount. */
  void awaitServed(Child cache) throws IOException, InterruptedException {
    cache.await(ANSWERING);
    awaitServed();
  }

  /** Takes the mount away: a cache process that is told to end waits for that. */
  void unmount() throws IOException {
    if (plugin != null) {
      plugin.close();
    }
  }

  @Override
  public void close() throws IOException {
    unmount();
    emulator.close();
  }

  private static @Nullable StandInPlugin plugin(Path place) {
    try {
      return StandInPlugin.start(place.resolve("node/plugin.sock"), place.resolve("mnt"));
    } catch (IOException e) {
      System.out.println("no mount, which needs root and /dev/fuse: " + e);
      return null;
    }
  }

  private static List<String> emulator(Path place, ClassPath jars, Path objects) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin/java").toString(),
        "-XX:+UseSerialGC",
        "-Xmx512m",
        "-cp",
        String.join(":", jars.all().map(Path::toString).toList()),
        Product.OSS_EMULATOR.mainClass(),
        "--directory=" + place.resolve("oss"),
        "--listen=127.0.0.1",
        "--port=0",
        "--bucket=bucket",
        "--seed=bucket=" + objects,
        "--access-key=id:secret");
  }

  private static void configure(Path configuration, String port, long cacheBytes)
      throws IOException, InterruptedException, GeneralSecurityException {
    ControlKeys.write(configuration);
    Files.writeString(
        configuration.resolve("mount.json"),
        """
        {"namespace": "n", "name": "m", "uid": "u",
         "cache": {"sizeBytes": "%d", "keepFreeBytes": "0", "readAheadBytes": "268435456"},
         "files": {"fileMode": 420, "directoryMode": 493},
         "metadataCache": {"attributeTimeout": "60s", "listTimeout": "60s", "negativeTimeout": "5s"},
         "timeouts": {"connect": "5s", "operation": "60s"},
         "source": {"bucket": "bucket", "endpoint": "http://127.0.0.1:%s", "region": "cn-test",
           "addressingStyle": "PATH",
           "credentials": {"accessKeyId": "id", "accessKeySecret": "secret"}}}
        """
            .formatted(cacheBytes, port));
  }
}
