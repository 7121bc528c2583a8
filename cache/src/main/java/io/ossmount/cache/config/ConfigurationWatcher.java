package io.ossmount.cache.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration whenever its file changes, and tells who listens. A file that cannot be
 * read or is wrong leaves the one before in force, and is reported in the log.
 *
 * <p>kubelet changes a Secret volume by swapping a symbolic link above the file, which no watch on
 * the file sees; so its identity, time and size are looked at every second. Thread-safe.
 */
public final class ConfigurationWatcher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ConfigurationWatcher.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Path file;
  private final List<Consumer<Loaded>> listeners = new ArrayList<>();
  private final CompletableFuture<Loaded> first = new CompletableFuture<>();
  private final Thread thread;
  private volatile @Nullable Loaded inForce;
  private Object seen = "nothing yet";
  private String reported = "";

  /**
   * A configuration and which one it is.
   *
   * @param hash SHA-256 of the file in hex: how the operator recognizes what it wrote
   */
  public record Loaded(MountSettings settings, String hash) {}

  /** Watches {@code file} from {@link #start} on. */
  public ConfigurationWatcher(Path file) {
    this.file = file;
    this.thread = Thread.ofVirtual().name("configuration").unstarted(this::watch);
  }

  /** Begins to look. */
  public void start() {
    thread.start();
  }

  /**
   * Calls {@code listener} with each configuration after {@code known}, on the watcher's thread;
   * with the one that has come into force meanwhile, at once.
   *
   * @param known what the caller goes by: one that {@link #awaitFirst} has returned
   */
  public void onChange(Loaded known, Consumer<Loaded> listener) {
    synchronized (listeners) {
      listeners.add(listener);
      Loaded now = inForce;
      if (now != null && !now.hash().equals(known.hash())) {
        tell(listener, now);
      }
    }
  }

  /** Waits until there is a configuration that is right. */
  public Loaded awaitFirst() throws InterruptedException {
    try {
      return first.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What is in force, if anything was right so far. */
  public @Nullable Loaded inForce() {
    return inForce;
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void watch() {
    try {
      while (true) {
        look();
        Thread.sleep(INTERVAL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      Object now =
          List.of(
              String.valueOf(attributes.fileKey()),
              attributes.lastModifiedTime(),
              attributes.size());
      if (now.equals(seen)) {
        return;
      }
      byte[] json = Files.readAllBytes(file);
      seen = now;
      take(json);
      reported = "";
    } catch (IOException e) {
      report(e.toString());
    } catch (InvalidConfigurationException e) {
      report(e.getMessage());
    }
  }

  private void take(byte[] json) throws InvalidConfigurationException {
    String hash = sha256(json);
    Loaded before = inForce;
    if (before != null && before.hash().equals(hash)) {
      return;
    }
    Loaded loaded = new Loaded(MountJson.parse(json), hash);
    synchronized (listeners) {
      inForce = loaded;
      log.info("configuration {} is in force", hash);
      if (!first.complete(loaded)) {
        listeners.forEach(listener -> tell(listener, loaded));
      }
    }
  }

  private static void tell(Consumer<Loaded> listener, Loaded loaded) {
    try {
      listener.accept(loaded);
    } catch (RuntimeException e) {
      log.error("a part of this process could not take the new configuration", e);
    }
  }

  private void report(@Nullable String problem) {
    String told = String.valueOf(problem);
    if (!told.equals(reported)) {
      reported = told;
      String instead = inForce == null ? "waiting for one" : "the one before stays in force";
      log.error("configuration {}: {}; {}", file, told, instead);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
