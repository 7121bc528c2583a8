package io.ossmount.cache.write;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of the staging files, and the bytes that they may take together. Thread-safe.
 *
 * <p>A staging file that a process left behind holds writes that no close(2) or fsync(2) had
 * acknowledged. It is neither uploaded, which could put half a file over a whole one, nor deleted:
 * it is kept in the directory {@value #ASIDE} for {@link #ASIDE_DAYS} days, and the log names it.
 */
public final class StagingArea {
  /** Below the staging directory: what could not be uploaded. */
  public static final String ASIDE = "aside";

  /** How long that is kept. */
  public static final int ASIDE_DAYS = 7;

  private static final Logger LOG = LoggerFactory.getLogger(StagingArea.class);
  private static final int READABLE_LENGTH = 150;

  private final Path directory;
  private final Path aside;
  private final long capacityBytes;
  private final AtomicLong usedBytes = new AtomicLong();
  private final AtomicLong counter = new AtomicLong(System.nanoTime());

  private StagingArea(Path directory, long capacityBytes) {
    this.directory = directory;
    this.aside = directory.resolve(ASIDE);
    this.capacityBytes = capacityBytes;
  }

  /**
   * Opens the area, and keeps aside what an earlier process left.
   *
   * @param capacityBytes most that staging files take together
   */
  public static StagingArea open(Path directory, long capacityBytes) {
    StagingArea area = new StagingArea(directory, capacityBytes);
    try {
      Files.createDirectories(area.aside);
      area.forgetOld();
      try (Stream<Path> left = Files.list(directory)) {
        left.filter(Files::isRegularFile).forEach(area::keepAside);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return area;
  }

  private void forgetOld() throws IOException {
    Instant limit = Instant.now().minus(Duration.ofDays(ASIDE_DAYS));
    try (Stream<Path> old = Files.list(aside)) {
      for (Path file : (Iterable<Path>) old::iterator) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
          Files.delete(file);
        }
      }
    }
  }

  /** Makes the staging file of an object; {@code baseSize} bytes of an older version show. */
  public StagedFile create(String key, long baseSize) {
    try {
      return new StagedFile(this, fresh(key), baseSize);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path fresh(String key) throws IOException {
    while (true) {
      Path path =
          directory.resolve(Long.toHexString(counter.incrementAndGet()) + "-" + readable(key));
      try {
        return Files.createFile(path);
      } catch (FileAlreadyExistsException e) {
        LOG.debug("{} is there already", path);
      }
    }
  }

  /** The key as a file name, so that people know what a file that was kept aside belongs to. */
  private static String readable(String key) {
    StringBuilder name = new StringBuilder();
    for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = b > ' ' && b != '/' && b != '%' && b != 0x7f;
      name.append(plain ? (char) b : "%" + HexFormat.of().toHexDigits(b));
      if (name.length() > READABLE_LENGTH) {
        break;
      }
    }
    return name.toString();
  }

  /** Moves a file out of the way and names it in the log. */
  void keepAside(Path file) {
    Path kept = aside.resolve(file.getFileName());
    try {
      Files.move(file, kept, StandardCopyOption.REPLACE_EXISTING);
      LOG.warn("Writes that did not reach OSS are kept for {} days in {}", ASIDE_DAYS, kept);
    } catch (IOException e) {
      LOG.error("Writes that did not reach OSS stay in {}", file, e);
    }
  }

  /** Takes {@code bytes} of the capacity; false when so much is not left. */
  boolean reserve(long bytes) {
    long used = usedBytes.get();
    while (used + bytes <= capacityBytes) {
      if (usedBytes.compareAndSet(used, used + bytes)) {
        return true;
      }
      used = usedBytes.get();
    }
    return false;
  }

  /** Gives {@code bytes} back. */
  void free(long bytes) {
    usedBytes.addAndGet(-bytes);
  }

  /** Bytes that staging files take now. */
  public long usedBytes() {
    return usedBytes.get();
  }

  /** Most bytes that they may take. */
  public long capacityBytes() {
    return capacityBytes;
  }
}
