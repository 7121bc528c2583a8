package io.ossmount.emulator;

import io.ossmount.emulator.auth.AccessKey;
import io.ossmount.emulator.auth.AccessKeys;
import io.ossmount.emulator.auth.Authenticator;
import io.ossmount.emulator.fault.Faults;
import io.ossmount.emulator.http.HttpServer;
import io.ossmount.emulator.log.RequestLog;
import io.ossmount.emulator.protocol.OssService;
import io.ossmount.emulator.store.Bucket;
import io.ossmount.emulator.store.Buckets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * A running emulator. For example:
 *
 * <pre>{@code
 * try (OssEmulator emulator = OssEmulator.builder().directory(dir).bucket("bucket")
 *     .accessKey("id", "secret").start()) {
 *   new OSSClientBuilder().build(emulator.endpoint(), "id", "secret").putObject(...);
 *   assertThat(emulator.requests().count(Operation.PUT_OBJECT)).isEqualTo(1);
 * }
 * }</pre>
 *
 * Thread-safe.
 */
public final class OssEmulator implements AutoCloseable {
  private final HttpServer server;
  private final boolean isTls;
  private final Buckets buckets;
  private final AccessKeys keys;
  private final Faults faults;
  private final RequestLog requests;

  private OssEmulator(HttpServer server, Builder builder, Buckets buckets) {
    this.server = server;
    this.isTls = builder.tls.isPresent();
    this.buckets = buckets;
    this.keys = builder.keys;
    this.faults = builder.faults;
    this.requests = builder.requests;
  }

  /** Begins to configure one. */
  public static Builder builder() {
    return new Builder();
  }

  /** URL without a bucket, for path-style access: "http://127.0.0.1:PORT". */
  public String endpoint() {
    return (isTls ? "https" : "http") + "://127.0.0.1:" + port();
  }

  /** The port that it listens on. */
  public int port() {
    return server.port();
  }

  /** What was asked so far. */
  public RequestLog requests() {
    return requests;
  }

  /** Faults to inject. */
  public Faults faults() {
    return faults;
  }

  /** Keys and their rights. */
  public AccessKeys keys() {
    return keys;
  }

  /** Names of all buckets. */
  public List<String> bucketNames() {
    return buckets.all().stream().map(Bucket::name).toList();
  }

  /** What is stored, for tests that look behind the API. */
  public Buckets buckets() {
    return buckets;
  }

  /** Stops; the directory stays. */
  @Override
  public void close() {
    server.close();
  }

  /** Collects what an emulator needs. */
  public static final class Builder {
    private Optional<Path> directory = Optional.empty();
    private final List<String> bucketNames = new ArrayList<>();
    private final List<String> hostSuffixes = new ArrayList<>(List.of("localhost"));
    private final AccessKeys keys = new AccessKeys();
    private final Faults faults = new Faults();
    private final RequestLog requests = new RequestLog();
    private InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private Optional<SSLContext> tls = Optional.empty();
    private Optional<String> region = Optional.empty();
    private Clock clock = Clock.systemUTC();

    private Builder() {}

    /** Where buckets are kept; made if it is not there. Must be given. */
    public Builder directory(Path path) {
      directory = Optional.of(path);
      return this;
    }

    /** A bucket to be made if it is not there: 3 to 63 lower-case letters, digits, hyphens. */
    public Builder bucket(String name) {
      bucketNames.add(name);
      return this;
    }

    /** A key that may do everything. */
    public Builder accessKey(String id, String secret) {
      return accessKey(AccessKey.of(id, secret));
    }

    /** A key. */
    public Builder accessKey(AccessKey key) {
      keys.put(key);
      return this;
    }

    /** Port on the loopback interface; 0, the default: any free one. */
    public Builder port(int port) {
      return address(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** Where to listen. */
    public Builder address(InetSocketAddress listenOn) {
      address = listenOn;
      return this;
    }

    /** A name of the service: requests to "b.SUFFIX" are for bucket b. "localhost" is one. */
    public Builder hostSuffix(String suffix) {
      hostSuffixes.add(suffix);
      return this;
    }

    /** Serves HTTPS. */
    public Builder tls(SSLContext context) {
      tls = Optional.of(context);
      return this;
    }

    /** Region of the buckets; V4 signatures for others are refused. Default: any is taken. */
    public Builder region(String name) {
      region = Optional.of(name);
      return this;
    }

    /** What time it is for the emulator. */
    public Builder clock(Clock other) {
      clock = other;
      return this;
    }

    /**
     * Starts it.
     *
     * @throws IOException the directory cannot be used or the port not be had
     * @throws IllegalStateException no directory was given
     */
    public OssEmulator start() throws IOException {
      Buckets buckets =
          Buckets.open(
              directory.orElseThrow(() -> new IllegalStateException("no directory given")), clock);
      for (String name : bucketNames) {
        buckets.create(name);
      }
      OssService service =
          new OssService(
              new OssService.Settings(hostSuffixes, region.orElse("cn-hangzhou"), clock),
              buckets,
              new Authenticator(keys, clock, region),
              faults,
              requests);
      return new OssEmulator(HttpServer.start(address, tls, service), this, buckets);
    }
  }
}
