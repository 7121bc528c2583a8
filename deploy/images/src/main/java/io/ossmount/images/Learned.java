package io.ossmount.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a {@link Training} leaves.
 *
 * @param directory where it is
 */
record Learned(Path directory) {
  /** As {@code -Xlog:class+init} has it; hidden classes, which have a slash more, are not named. */
  private static final Pattern INITIALIZED = Pattern.compile("Initializing '([\\w/$]+)'");

  private static final String HIDDEN = "$$Lambda";

  /**
   * Of what handles requests for files. Netty, gRPC and others, which answer the operator, would
   * take half as much again of memory and of processor.
   */
  private static final List<String> PACKAGES =
      List.of(
          "io.ossmount.",
          "com.aliyun.",
          "org.apache.",
          "com.github.benmanes.",
          "java.",
          "jdk.",
          "sun.");

  /** Of those packages, but what answers the operator, too. */
  private static final List<String> OPERATORS =
      List.of("io.ossmount.cache.control.", "io.ossmount.proto.control.");

  /** The JVM's own work when it keeps what it has learned, at its end. */
  private static final String KEEPING = "jdk.internal.misc.CDS$";

  /** It initializes itself when the process is called, and waits for that. */
  private static final String CALL = "io.ossmount.cache.supervise.Supervised$ThisProcess";

  /** The AOT cache. */
  Path aotCache() {
    return directory.resolve("classes.aot");
  }

  /** The names of classes that were initialized, in that order, one a line. */
  Path warmClasses() {
    return directory.resolve("warm-classes");
  }

  /**
   * Takes the classes from the log of the JVM that was called.
   *
   * @param logs a directory with one of each JVM
   * @throws IOException none of them tells, or a file cannot be read or written
   */
  void keepClasses(Path logs) throws IOException {
    try (var files = Files.list(logs)) {
      for (var log : files.toList()) {
        var names = Files.readAllLines(log).stream().flatMap(line -> name(line).stream()).toList();
        if (names.contains(CALL)) {
          var served = names.stream().takeWhile(name -> !name.startsWith(KEEPING));
          Files.write(warmClasses(), served.filter(Learned::isWarm).toList());
          return;
        }
      }
    }
    throw new IOException("no JVM tells that it has initialized " + CALL);
  }

  private static boolean isWarm(String name) {
    return PACKAGES.stream().anyMatch(name::startsWith)
        && OPERATORS.stream().noneMatch(name::startsWith)
        && !name.equals(CALL);
  }

  private static Optional<String> name(String line) {
    var matcher = INITIALIZED.matcher(line);
    if (!matcher.find() || matcher.group(1).contains(HIDDEN)) {
      return Optional.empty();
    }
    return Optional.of(matcher.group(1).replace('/', '.'));
  }
}
