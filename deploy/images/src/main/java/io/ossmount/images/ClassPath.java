package io.ossmount.images;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The jars that a product runs from.
 *
 * @param libraries of others, in the order in which Maven resolved them
 * @param own of this project
 */
record ClassPath(List<Path> libraries, List<Path> own) {

  /**
   * Reads the file {@code target/runtime.classpath}, which the module's build wrote.
   *
   * @throws IOException when the module is not packaged, or the main class is not in its jar
   */
  static ClassPath read(Path root, Product product, String version) throws IOException {
    var target = root.resolve(product.module()).resolve("target");
    var jar = target.resolve("ossmount-%s-%s.jar".formatted(product.module(), version));
    requireClass(jar, product.mainClass());
    var dependencies = Files.readString(target.resolve("runtime.classpath")).strip();
    var jars =
        Stream.of(dependencies.split(File.pathSeparator))
            .filter(s -> !s.isEmpty())
            .map(Path::of)
            .toList();
    var libraries = jars.stream().filter(j -> !j.startsWith(root)).toList();
    var own = Stream.concat(Stream.of(jar), jars.stream().filter(j -> j.startsWith(root))).toList();
    return new ClassPath(libraries, own);
  }

  private static void requireClass(Path jar, String name) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      if (file.getEntry(name.replace('.', '/') + ".class") == null) {
        throw new IOException(jar + " has no class " + name);
      }
    }
  }

  Stream<Path> all() {
    return Stream.concat(own.stream(), libraries.stream());
  }
}
