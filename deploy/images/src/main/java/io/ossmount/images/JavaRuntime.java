package io.ossmount.images;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * The Java runtime that all images share, made once by jlink from the JDK that builds. {@code
 * JavaRuntimeIT} holds the list of modules against what {@code jdeps} finds in the images' class
 * paths.
 */
record JavaRuntime(Path home) {
  static final List<String> MODULES =
      List.of(
          "java.base",
          "java.logging",
          "java.management",
          "java.naming", // host names of certificates, in Apache's HTTP client
          "java.net.http", // the Kubernetes client asks with it
          "java.security.jgss", // Apache's HTTP client names it
          "java.sql",
          "java.xml", // answers of OSS
          "jdk.httpserver",
          "jdk.jcmd", // no code asks for it, people do: heap figures, thread dumps with virtual
          // threads
          "jdk.management",
          "jdk.net", // peer credentials of unix sockets
          "jdk.unsupported"); // Netty and protobuf use Unsafe

  private static final List<String> OPTIONS =
      List.of("--strip-debug", "--no-header-files", "--no-man-pages", "--compress", "zip-0");

  /**
   * Makes the runtime below {@code directory}, or finds the one that the same JDK made there with
   * the same modules.
   */
  static JavaRuntime in(Path directory) throws IOException, InterruptedException {
    var inputs =
        Digest.of(List.of(Runtime.version().toString(), MODULES.toString(), OPTIONS.toString()));
    var home = directory.resolve(inputs.substring(0, 12));
    if (!Files.exists(home)) {
      Trees.delete(directory);
      var unfinished = directory.resolve("unfinished");
      link(unfinished);
      archiveClasses(unfinished);
      Files.move(unfinished, home);
    }
    return new JavaRuntime(home);
  }

  private static void link(Path home) throws IOException {
    Files.createDirectories(home.getParent());
    var jlink =
        ToolProvider.findFirst("jlink").orElseThrow(() -> new IOException("this JDK has no jlink"));
    var arguments = new ArrayList<>(OPTIONS);
    arguments.addAll(
        List.of("--add-modules", String.join(",", MODULES), "--output", home.toString()));
    var output = new StringWriter();
    var writer = new PrintWriter(output);
    if (jlink.run(writer, writer, arguments.toArray(String[]::new)) != 0) {
      throw new IOException("jlink: " + output);
    }
  }

  /** The JDK's own classes, parsed beforehand: a JVM starts in half the time. */
  private static void archiveClasses(Path home) throws IOException, InterruptedException {
    Command.run(List.of(home.resolve("bin/java").toString(), "-XX:+UseSerialGC", "-Xshare:dump"));
  }
}
