package io.ossmount.images;

import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One image, described: what is in its layers and how its process starts.
 *
 * @param layers from the bottom up; what changes least is lowest
 * @param isTrained whether it has what a {@link Training} leaves
 */
record Image(Product product, List<FileEntriesLayer> layers, boolean isTrained) {
  private static final String HOME = "/opt/ossmount";
  private static final String OPTIONS_FILE = HOME + "/java.options";
  private static final String SUPERVISOR_OPTIONS_FILE = HOME + "/supervisor.options";
  private static final String AOT_CACHE = HOME + "/classes.aot";
  private static final String WARM_CLASSES = HOME + "/warm-classes";

  static Image of(Product product, Foundation foundation, ClassPath classPath, Path directory)
      throws IOException {
    var layers = new ArrayList<>(foundation.layers());
    layers.add(libraries(classPath));
    layers.add(own(product, classPath, directory));
    return new Image(product, List.copyOf(layers), false);
  }

  /** The same with what was learned, on top of what it was learned of. */
  Image with(Learned learned) {
    var layer = new Layer("learned");
    layer.add(learned.aotCache(), AOT_CACHE);
    layer.add(learned.warmClasses(), WARM_CLASSES);
    var more = new ArrayList<>(layers);
    more.add(layer.build());
    return new Image(product, List.copyOf(more), true);
  }

  /**
   * Puts the jars into a directory, with the times that they have in the image.
   *
   * @return the file of options that runs the product from there
   */
  Path layOut(Path directory) throws IOException {
    for (var layer : layers) {
      for (var entry : layer.getEntries()) {
        var path = entry.getExtractionPath().toString();
        if (path.startsWith(HOME)) {
          var copy = directory.resolve(path.substring(1));
          Files.createDirectories(copy.getParent());
          Files.copy(entry.getSourceFile(), copy);
          Files.setLastModifiedTime(copy, FileTime.from(Layer.TIME));
        }
      }
    }
    var options = directory.resolve("java.options");
    var there = Files.readString(directory.resolve(OPTIONS_FILE.substring(1)));
    return Files.writeString(options, there.replace(HOME, directory + HOME));
  }

  private static FileEntriesLayer libraries(ClassPath classPath) {
    var layer = new Layer("libraries");
    classPath.libraries().forEach(jar -> layer.add(jar, inImage(jar)));
    return layer.build();
  }

  private static FileEntriesLayer own(Product product, ClassPath classPath, Path directory)
      throws IOException {
    var layer = new Layer("ossmount");
    classPath.own().forEach(jar -> layer.add(jar, inImage(jar)));
    var options =
        Files.createDirectories(directory.resolve("options")).resolve(product.imageName());
    Files.writeString(options, options(product, classPath));
    layer.add(options, OPTIONS_FILE);
    if (product.isSupervised()) {
      var supervisor = options.resolveSibling(product.imageName() + "-supervisor");
      Files.writeString(supervisor, supervisorOptions(classPath));
      layer.add(supervisor, SUPERVISOR_OPTIONS_FILE);
    }
    return layer.build();
  }

  /** What would make an endless command line: the JVM reads it from a file, one option per line. */
  private static String options(Product product, ClassPath classPath) {
    var jars = classPath.all().map(Image::inImage).collect(Collectors.joining(":"));
    return String.join("\n", product.jvmOptions()) + "\n--class-path\n" + jars + "\n";
  }

  /** It needs nothing but the JDK. */
  private static String supervisorOptions(ClassPath classPath) {
    var jar = inImage(classPath.own().getFirst());
    return String.join("\n", Supervision.JVM_OPTIONS) + "\n--class-path\n" + jar + "\n";
  }

  private static String inImage(Path jar) {
    return HOME + "/lib/" + jar.getFileName();
  }

  /**
   * {@code java @options MAIN}, and what was learned if it is there; a pod's {@code args} follow.
   * JDK_JAVA_OPTIONS of a pod's environment is heeded. Where there is a supervisor, that is what it
   * starts.
   */
  List<String> entryPoint() {
    var java = Foundation.JAVA_HOME + "/bin/java";
    var command = new ArrayList<String>();
    if (product.isSupervised()) {
      command.addAll(List.of(java, "@" + SUPERVISOR_OPTIONS_FILE, Supervision.MAIN_CLASS));
    }
    command.addAll(List.of(java, "@" + OPTIONS_FILE));
    if (isTrained) {
      command.add("-XX:AOTCache=" + AOT_CACHE);
      command.add("-Dossmount.warm-classes=" + WARM_CLASSES);
    }
    command.add(product.mainClass());
    return List.copyOf(command);
  }

  /** The locale is that of the foundation. */
  private static SortedMap<String, String> environment() {
    return new TreeMap<>(
        Map.of(
            "LC_ALL",
            "C.UTF-8",
            "PATH",
            Foundation.JAVA_HOME + "/bin",
            // Else each thread has a heap of its own in the C library, and keeps what it freed.
            "MALLOC_ARENA_MAX",
            "2"));
  }

  JibContainerBuilder container(String version) {
    return Jib.fromScratch()
        .setPlatforms(Set.of(new Platform(architecture(), "linux")))
        .setCreationTime(Layer.TIME)
        .setFileEntriesLayers(layers)
        .setEntrypoint(entryPoint())
        .setEnvironment(environment())
        .setUser(product.user().ids())
        .setWorkingDirectory(AbsoluteUnixPath.get("/"))
        .addLabel("org.opencontainers.image.title", product.imageName())
        .addLabel("org.opencontainers.image.version", version)
        .addLabel("org.opencontainers.image.licenses", "Apache-2.0");
  }

  /** That of the machine that builds, whose C library goes into the image. */
  private static String architecture() {
    return switch (System.getProperty("os.arch")) {
      case "aarch64" -> "arm64";
      case String other -> other;
    };
  }

  /** Of everything that the image is made from, in hex. */
  String digest() throws IOException {
    var parts = new ArrayList<String>();
    parts.addAll(entryPoint());
    parts.add(environment().toString() + product.user());
    for (var layer : layers) {
      for (var entry : layer.getEntries()) {
        var source = entry.getSourceFile();
        parts.add(entry.getExtractionPath() + " " + entry.getPermissions().toOctalString());
        parts.add(Files.isDirectory(source) ? "" : Digest.of(source));
      }
    }
    return Digest.of(parts);
  }
}
