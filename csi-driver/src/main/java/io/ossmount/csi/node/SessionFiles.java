package io.ossmount.csi.node;

import io.ossmount.api.v1alpha1.ReadMode;
import io.ossmount.api.v1alpha1.WriteMode;
import io.ossmount.csi.fdstore.SessionInfo;
import io.ossmount.csi.volume.Directory;
import io.ossmount.csi.volume.Modes;
import io.ossmount.csi.volume.SessionKey;
import io.ossmount.csi.volume.VolumeException;
import io.ossmount.csi.volume.VolumeException.NodeFault;
import io.ossmount.csi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory {@code sessions} below the driver's own: for each session a directory that it is
 * mounted at, and beside it a file that says what the session is for. The mount table says which
 * sessions there are; the file is what a restarted plugin cannot read there.
 */
final class SessionFiles {
  private static final Logger LOG = LoggerFactory.getLogger(SessionFiles.class);
  private static final String SUFFIX = ".properties";

  /** Property: when the session was given up. Written by the plugin that did it. */
  private static final String ABORTED = "aborted";

  private final Path root;

  /** Files below {@code cacheDir}. */
  SessionFiles(Path cacheDir) {
    root = cacheDir.resolve("sessions");
  }

  /** The directory that sessions are mounted in. */
  Path root() {
    return root;
  }

  /** Where a session is mounted. Not to be touched while it is. */
  Path directory(String name) {
    return root.resolve(name);
  }

  /** Makes the directory and the file of a session. */
  void create(SessionInfo info) {
    try {
      Files.createDirectories(
          root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      write(info);
      Files.createDirectory(directory(info.name()));
    } catch (IOException e) {
      throw new NodeFault("cannot make the directory of a session: " + e.getMessage());
    }
  }

  /** Writes the file of a session that is mounted anew, in the place of one that is damaged. */
  void restore(SessionInfo info) {
    try {
      write(info);
    } catch (IOException e) {
      // The session goes on; the next plugin asks its cache pod again.
      LOG.error("cannot write the file of session {} anew: {}", info.name(), e.toString());
    }
  }

  /** Notes that a session was given up, for a plugin that finds it dead later. */
  void aborted(SessionInfo info, Instant since) {
    var properties = properties(info);
    properties.setProperty(ABORTED, since.toString());
    try {
      write(info, properties);
    } catch (IOException e) {
      LOG.warn("it is not noted that session {} was given up: {}", info.name(), e.toString());
    }
  }

  private void write(SessionInfo info) throws IOException {
    write(info, properties(info));
  }

  private void write(SessionInfo info, Properties properties) throws IOException {
    var written = root.resolve(info.name() + ".new");
    try (var writer = Files.newBufferedWriter(written)) {
      properties.store(writer, null);
    }
    Files.move(written, file(info.name()), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes the directory and the file of a session that is not mounted. */
  void delete(String name) {
    try {
      Files.deleteIfExists(directory(name));
      Files.deleteIfExists(file(name));
    } catch (IOException e) {
      // Nothing depends on it; the next start removes it.
      LOG.warn("cannot remove the directory of session {}: {}", name, e.toString());
    }
  }

  /** When a session was given up; empty when it was not, as far as that is known. */
  Optional<Instant> aborted(String name) {
    try {
      return Optional.ofNullable(load(name).getProperty(ABORTED)).map(Instant::parse);
    } catch (IOException | IllegalArgumentException | DateTimeParseException e) {
      LOG.warn("whether session {} was given up is not known: {}", name, e.toString());
      return Optional.empty();
    }
  }

  private Properties load(String name) throws IOException {
    var properties = new Properties();
    try (var reader = Files.newBufferedReader(file(name))) {
      properties.load(reader);
    }
    return properties;
  }

  /** What a session is for; empty when its file is missing or damaged. */
  Optional<SessionInfo> read(String name) {
    try {
      var properties = load(name);
      var info = info(name, properties);
      if (!info.isNamedByKey()) {
        throw new IllegalArgumentException("it is not that of this session");
      }
      return Optional.of(info);
    } catch (NoSuchFileException _) {
      LOG.warn("session {} has no file", name);
    } catch (IOException | VolumeException | IllegalArgumentException e) {
      LOG.warn("the file of session {} is damaged: {}", name, e.toString());
    }
    return Optional.empty();
  }

  /** Names of all sessions that have a directory or a file. Does not look into the directories. */
  List<String> names() {
    if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    var names = new TreeSet<String>();
    try (var entries = Files.newDirectoryStream(root)) {
      for (var entry : entries) {
        var name = entry.getFileName().toString();
        names.add(
            name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name);
      }
      return List.copyOf(names);
    } catch (IOException e) {
      throw new NodeFault("cannot list " + root + ": " + e.getMessage());
    }
  }

  private Path file(String name) {
    return root.resolve(name + SUFFIX);
  }

  private static Properties properties(SessionInfo info) {
    var key = info.key();
    var properties = new Properties();
    properties.setProperty("volume", key.volume().value());
    properties.setProperty("ossMount", info.ossMount());
    properties.setProperty("ossMountUid", key.ossMountUid());
    properties.setProperty("directory", key.directory().path());
    properties.setProperty("readOnly", Boolean.toString(key.readOnly()));
    properties.setProperty("groupLikeOwner", Boolean.toString(key.groupLikeOwner()));
    key.owner().ifPresent(value -> properties.setProperty("owner", value.toString()));
    key.group().ifPresent(value -> properties.setProperty("group", value.toString()));
    key.umask().ifPresent(value -> properties.setProperty("umask", value.toString()));
    key.modes().read().ifPresent(mode -> properties.setProperty("readMode", mode.name()));
    key.modes().write().ifPresent(mode -> properties.setProperty("writeMode", mode.name()));
    return properties;
  }

  private static Modes modes(Properties properties) {
    return new Modes(
        Optional.ofNullable(properties.getProperty("readMode")).map(ReadMode::valueOf),
        Optional.ofNullable(properties.getProperty("writeMode")).map(WriteMode::valueOf));
  }

  private static SessionInfo info(String name, Properties properties) {
    Function<String, Optional<Integer>> number =
        field -> Optional.ofNullable(properties.getProperty(field)).map(Integer::valueOf);
    var key =
        new SessionKey(
            new VolumeId(properties.getProperty("volume", "")),
            properties.getProperty("ossMountUid", ""),
            new Directory(properties.getProperty("directory", "")),
            Boolean.parseBoolean(properties.getProperty("readOnly")),
            number.apply("owner"),
            number.apply("group"),
            Boolean.parseBoolean(properties.getProperty("groupLikeOwner")),
            number.apply("umask"),
            modes(properties));
    return new SessionInfo(name, key, properties.getProperty("ossMount", ""));
  }
}
