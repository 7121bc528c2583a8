package io.ossmount.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs the cache process once before it is measured, so that its JVM can keep what it has loaded,
 * linked and learned: an AOT cache, as the cache pod's image has one.
 */
final class Training {
  private Training() {}

  /**
   * The program with its AOT cache.
   *
   * @param program of the mount, as a command of a JVM whose class path has jars only
   * @param place where it is mounted; its cache is empty afterwards
   * @param file that is made
   */
  static Program of(Program program, Mount.Place place, Path file)
      throws IOException, InterruptedException {
    try (Mount mount = new Mount(program.with("-XX:AOTCacheOutput=" + file), place)) {
      mount.start();
      mount.readOthers();
      FileWork.read(mount.point().resolve(Data.LARGE));
      mount.empty();
    }
    if (!Files.exists(file)) {
      throw new IOException("the JVM made no AOT cache: " + Files.readString(place.log()));
    }
    return program.with("-XX:AOTCache=" + file);
  }
}
