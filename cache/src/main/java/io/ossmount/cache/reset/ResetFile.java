package io.ossmount.cache.reset;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latest reset that a cache directory has had, in a small file beside the blocks. It is
 * replaced as a whole. After a power failure it may be an older one: the cache is then reset once
 * more.
 */
final class ResetFile {
  private static final Logger log = LoggerFactory.getLogger(ResetFile.class);
  private static final String VALUE = "value";
  private static final String BYTES = "droppedBytes";
  private static final String FINISHED = "finished";
  private static final String IN_USE = "inUse";

  private final Path path;

  ResetFile(Path path) {
    this.path = path;
  }

  /**
   * A reset that is done.
   *
   * @param value that asked for it
   * @param bytes that were dropped at once
   * @param inUse names of what was in use, and is dropped when it is not any more
   */
  record Done(String value, long bytes, Instant finished, List<String> inUse) {
    Done {
      inUse = List.copyOf(inUse);
    }
  }

  /** The latest; empty: there was none, or the file is damaged. */
  Optional<Done> read() {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(path)) {
      properties.load(reader);
      return Optional.of(
          new Done(
              required(properties, VALUE),
              Long.parseLong(required(properties, BYTES)),
              Instant.parse(required(properties, FINISHED)),
              names(required(properties, IN_USE))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException | DateTimeParseException e) {
      log.warn("{} cannot be read, and counts as not there: {}", path, e.toString());
      return Optional.empty();
    }
  }

  /** Replaces it. */
  void write(Done done) throws IOException {
    Properties properties = new Properties();
    properties.setProperty(VALUE, done.value());
    properties.setProperty(BYTES, Long.toString(done.bytes()));
    properties.setProperty(FINISHED, done.finished().toString());
    properties.setProperty(IN_USE, String.join(",", done.inUse()));
    Files.createDirectories(path.getParent());
    Path next = path.resolveSibling(path.getFileName() + ".new");
    try (Writer writer = Files.newBufferedWriter(next)) {
      properties.store(writer, null);
    }
    Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String required(Properties properties, String key) {
    String value = properties.getProperty(key);
    if (value == null) {
      throw new IllegalArgumentException("it has no " + key);
    }
    return value;
  }

  private static List<String> names(String text) {
    return Arrays.stream(text.split(",", -1)).filter(name -> !name.isEmpty()).toList();
  }
}
