package io.ossmount.images;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What lies below every image, equal bytes in all of them, so that a node stores it once: the C
 * library with the few files of /etc that it reads, and the Java runtime.
 *
 * @param layers from the bottom up
 */
record Foundation(List<FileEntriesLayer> layers) {
  static final String JAVA_HOME = "/opt/java";

  /** Without it the JVM knows no file name that is not ASCII. */
  private static final Path LOCALE = Path.of("/usr/lib/locale/C.utf8");

  /** Written by us; the C library reads them. Who runs is a number, the names are for people. */
  private static final SortedMap<String, String> SETTINGS =
      new TreeMap<>(
          Map.of(
              "/etc/passwd",
                  "root:x:0:0:root:/:/sbin/nologin\nossmount:x:65532:65532:OssMount:/:/sbin/nologin\n",
              "/etc/group", "root:x:0:\nossmount:x:65532:\n",
              "/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n"));

  /** Gathers the parts; {@code directory} takes the files that exist nowhere on this machine. */
  static Foundation of(JavaRuntime runtime, Path directory)
      throws IOException, InterruptedException {
    return new Foundation(List.of(system(runtime, directory), java(runtime)));
  }

  private static FileEntriesLayer system(JavaRuntime runtime, Path directory)
      throws IOException, InterruptedException {
    var layer = new Layer("system");
    for (var library : NativeLibraries.neededBy(runtime)) {
      layer.addExecutable(library.file(), library.path());
    }
    for (var file : Trees.files(locale())) {
      layer.add(file, file.toString());
    }
    for (var setting : SETTINGS.entrySet()) {
      var file = directory.resolve(setting.getKey().substring(1));
      Files.createDirectories(file.getParent());
      Files.writeString(file, setting.getValue());
      layer.add(file, setting.getKey());
    }
    layer.addWritableDirectory(Files.createDirectories(directory.resolve("tmp")), "/tmp");
    return layer.build();
  }

  private static Path locale() throws IOException {
    if (!Files.isDirectory(LOCALE)) {
      throw new IOException("this machine's C library has no " + LOCALE);
    }
    return LOCALE;
  }

  private static FileEntriesLayer java(JavaRuntime runtime) throws IOException {
    var layer = new Layer("java");
    for (var file : Trees.files(runtime.home())) {
      var path =
          AbsoluteUnixPath.get(JAVA_HOME).resolve(runtime.home().relativize(file)).toString();
      if (Files.isExecutable(file)) {
        layer.addExecutable(file, path);
      } else {
        layer.add(file, path);
      }
    }
    return layer.build();
  }
}
