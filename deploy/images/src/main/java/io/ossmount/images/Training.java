package io.ossmount.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the cache process once as it is in its image, so that the JVM can keep what it has loaded,
 * linked and learned: an AOT cache, with which it starts with about a third of the processor time.
 *
 * <p>The JVM takes such a cache only with the same options, and with jars of the same size and
 * time. So the process runs from copies of the jars that have the times of the image's layers; the
 * directory may be another one. Without a mount, see {@link Stage}, the cache has less in it.
 *
 * @param runtime of the image
 * @param cache the image without an AOT cache
 * @param emulator the class path of the emulator
 * @param output takes AOT caches, each named after what it was made of, and what is needed
 *     meanwhile
 */
record Training(JavaRuntime runtime, Image cache, ClassPath emulator, Path output) {
  /** Objects are kept as they are in a small heap, which every pod has. */
  private static final String HEAP = "-Xmx512m";

  private static final long CACHE_BYTES = 1L << 30;

  private static final int FILES = 500;

  /** What programs do with files: often enough that the JVM learns what is called for. */
  private static final String WORK =
      """
      cd "$1"
      ls -lR . nothing >/dev/null || true
      cat directory/* >/dev/null
      dd if=large of=/dev/null bs=64k status=none
      dd if=large of=/dev/null bs=4k skip=100 count=1 status=none
      echo new >new && cat new && mkdir made && mv new made && rm -r made
      """;

  /** The AOT cache: made now, or before of the same things. */
  Path aotCache() throws IOException, InterruptedException, GeneralSecurityException {
    var made = output.resolve(cache.digest().substring(0, 12) + ".aot");
    if (!Files.exists(made)) {
      Trees.delete(output);
      var place = Files.createDirectories(output.resolve("place"));
      Files.move(run(place), made);
      Trees.delete(place);
    }
    return made;
  }

  private Path run(Path place) throws IOException, InterruptedException, GeneralSecurityException {
    var file = place.resolve("new.aot");
    try (var stage = Stage.set(place, emulator, objects(place), CACHE_BYTES);
        var process = Child.start(command(place, stage, file), place.resolve("cache.log"))) {
      stage.awaitServed(process);
      if (stage.isMounted()) {
        Command.run(List.of("sh", "-ec", WORK, "sh", stage.target().toString()));
      }
      stage.unmount();
      process.end();
      if (!Files.exists(file)) {
        throw new IOException("the JVM made no AOT cache: " + process.output());
      }
    }
    return file;
  }

  private static Path objects(Path place) throws IOException {
    var objects = place.resolve("objects");
    Files.createDirectories(objects.resolve("directory"));
    for (int i = 0; i < FILES; i++) {
      Files.write(objects.resolve("directory/small-" + i), new byte[64 << 10]);
    }
    Files.write(objects.resolve("large"), new byte[64 << 20]);
    return objects;
  }

  private List<String> command(Path place, Stage stage, Path file) throws IOException {
    var command = new ArrayList<String>();
    // As its supervisor starts it.
    command.addAll(List.of("env", "OSSMOUNT_PULSE=" + place.resolve("pulse")));
    command.addAll(stage.environment());
    command.add(runtime.home().resolve("bin/java").toString());
    command.add("@" + cache.layOut(place.resolve("image")));
    command.addAll(List.of(HEAP, "-Djava.io.tmpdir=" + place, "-XX:AOTCacheOutput=" + file));
    command.add(cache.product().mainClass());
    command.add("serve");
    return command;
  }
}
