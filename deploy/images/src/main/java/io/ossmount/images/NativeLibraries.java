package io.ossmount.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Finds the files of the C library that the Java runtime needs, as {@code ldd} of this machine
 * tells.
 */
final class NativeLibraries {
  /**
   * {@code name => /path (0x...)} of a library, or {@code /path (0x...)} of the dynamic linker
   * itself.
   */
  private static final Pattern LINE =
      Pattern.compile("^\\s*(?:\\S+ => )?(?<path>/\\S+) \\(0x[0-9a-f]+\\)$", Pattern.MULTILINE);

  /**
   * Loaded by name when a host is looked up; in newer C libraries these are empty or not there at
   * all.
   */
  private static final List<String> RESOLVERS =
      List.of("libnss_files.so.2", "libnss_dns.so.2", "libresolv.so.2");

  private NativeLibraries() {}

  /**
   * A library and where it belongs.
   *
   * @param file on this machine, no symbolic link
   * @param path in the image, where the dynamic linker looks without a cache
   */
  record Library(Path file, String path) {}

  /** In order of their paths. */
  static List<Library> neededBy(JavaRuntime runtime) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add("ldd");
    for (var file : Trees.files(runtime.home())) {
      if (file.toString().endsWith(".so") || file.startsWith(runtime.home().resolve("bin"))) {
        command.add(file.toString());
      }
    }
    return outside(runtime.home(), Command.run(command));
  }

  /** Of what {@code ldd} lists, the files that are not the runtime's own. */
  static List<Library> outside(Path home, String lddOutput) throws IOException {
    var libraries = new TreeMap<String, Path>();
    var lines = LINE.matcher(lddOutput);
    while (lines.find()) {
      var path = Path.of(lines.group("path")).normalize();
      if (path.startsWith(home.toAbsolutePath())) {
        continue;
      }
      libraries.put(path.toString(), path.toRealPath());
      if (path.endsWith("libc.so.6")) {
        libraries.putAll(resolversBeside(path));
      }
    }
    return libraries.entrySet().stream().map(e -> new Library(e.getValue(), e.getKey())).toList();
  }

  private static Map<String, Path> resolversBeside(Path library) throws IOException {
    var resolvers = new TreeMap<String, Path>();
    for (var name : RESOLVERS) {
      var resolver = library.resolveSibling(name);
      if (Files.exists(resolver)) {
        resolvers.put(resolver.toString(), resolver.toRealPath());
      }
    }
    return resolvers;
  }
}
