package io.ossmount.cache.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * A few words about a staging directory, beside what is staged there. It is whole or not there,
 * also after a loss of power.
 *
 * @param staging the staging directory
 * @param below name of a directory in it: what is no file is no staging file
 * @param name of the file in that
 */
record MarkerFile(Path staging, String below, String name) {
  private static final String FRESH = ".new";

  private Path directory() {
    return staging.resolve(below);
  }

  /** What it says; empty: it is not there. */
  Optional<String> read() throws IOException {
    try {
      return Optional.of(Files.readString(directory().resolve(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Returns when it says so on the disk; costs nothing when it does. */
  void write(String text) throws IOException {
    if (read().filter(text::equals).isPresent()) {
      return;
    }
    Path directory = Files.createDirectories(directory());
    Path fresh = Files.writeString(directory.resolve(name + FRESH), text);
    Durability.force(fresh);
    Files.move(fresh, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    Durability.force(directory);
    Durability.force(staging);
  }
}
