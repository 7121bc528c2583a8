package io.ossmount.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The cache image at work. Needs root and /dev/fuse. */
@Timeout(300)
class CacheImageIT {
  private static final Path ROOT = Path.of(System.getProperty("ossmount.root"));
  private static final String VERSION = System.getProperty("ossmount.version");

  @TempDir private Path directory;

  /** With AOTMode=on the JVM ends when it cannot use the cache; else it would go on without. */
  @Test
  void itStartsWithItsAotCacheAndServes() throws Exception {
    // given
    var image = UnpackedImage.of(Product.CACHE, Files.createDirectory(directory.resolve("image")));
    var objects = Files.createDirectory(directory.resolve("objects"));
    Files.writeString(objects.resolve("hello"), "from the bucket");
    var emulator = ClassPath.read(ROOT, Product.OSS_EMULATOR, VERSION);
    // when
    try (var stage = Stage.set(directory.resolve("stage"), emulator, objects, 1L << 30);
        var cache = Child.start(command(image, stage), directory.resolve("cache.log"))) {
      stage.awaitServed(cache);
      // then
      assertThat(stage.isMounted()).as("this test needs root and /dev/fuse").isTrue();
      assertThat(Command.run(List.of("cat", stage.target().resolve("hello").toString())))
          .isEqualTo("from the bucket");
      var log = cache.output();
      assertThat(loaded(log, "shared objects file")).isGreaterThan(10 * loaded(log, "file:"));
      stage.unmount();
      cache.end();
    }
  }

  private static long loaded(String log, String source) {
    return log.lines().filter(line -> line.contains("source: " + source)).count();
  }

  private List<String> command(UnpackedImage image, Stage stage) throws Exception {
    var aotCache = "-XX:AOTCache=" + image.at("/opt/ossmount/classes.aot");
    var options = List.of(aotCache, "-XX:AOTMode=on", "-Xlog:class+load");
    var temporary = Files.createDirectory(directory.resolve("tmp"));
    var command = new ArrayList<String>(List.of("env"));
    command.addAll(stage.environment());
    command.addAll(image.command(temporary, options));
    command.add("serve");
    return command;
  }
}
