package io.ossmount.chaos.work;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Whether something is there; {@link Files#exists} takes each error for a no. */
final class Presence {
  private Presence() {}

  static boolean of(Path path) throws IOException {
    try {
      Files.readAttributes(path, BasicFileAttributes.class);
      return true;
    } catch (NoSuchFileException expected) {
      return false;
    }
  }
}
