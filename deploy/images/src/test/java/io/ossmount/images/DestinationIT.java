package io.ossmount.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DestinationIT {
  @TempDir private Path directory;

  @Test
  void aPushedImageIsInTheRegistryWithAllItsLayers() throws Exception {
    try (var registry = new RegistryServer(directory)) {
      // given
      var name = "127.0.0.1:" + registry.port() + "/storage";
      var destination = new Destination(name, "1.2.3", true, directory);
      // when
      var said = destination.write(image());
      // then
      assertThat(said).startsWith("pushed, sha256:");
      assertThat(registry.manifest("storage/ossmount-operator", "1.2.3"))
          .contains("\"layers\"")
          .satisfies(manifest ->
              assertThat(registry.blobs()).allMatch(digest -> manifest.contains(digest)));
      assertThat(registry.blobs()).hasSize(4);
    }
  }

  @Test
  void anArchiveIsWrittenOnceForTheSameInputs() throws Exception {
    // given
    var destination = new Destination("example.test", "1.2.3", false, directory);
    assertThat(destination.write(image())).contains("ossmount-operator.tar");
    // then
    assertThat(destination.write(image())).isEqualTo("unchanged");
    // when
    Files.writeString(directory.resolve("own.jar"), "another");
    // then
    assertThat(destination.write(image())).contains("ossmount-operator.tar");
  }

  @Test
  void equalInputsAreEqualBytes() throws Exception {
    // given
    var one = Files.createDirectory(directory.resolve("one"));
    var other = Files.createDirectory(directory.resolve("other"));
    // when
    new Destination("example.test", "1.2.3", false, one).write(image());
    new Destination("example.test", "1.2.3", false, other).write(image());
    // then
    assertThat(one.resolve("ossmount-operator.tar"))
        .hasSameBinaryContentAs(other.resolve("ossmount-operator.tar"));
  }

  /** An image with a small file in each layer. */
  private Image image() throws Exception {
    var system = new Layer("system");
    system.add(file("passwd"), "/etc/passwd");
    var foundation = new Foundation(List.of(system.build()));
    var classPath = new ClassPath(List.of(file("library.jar")), List.of(file("own.jar")));
    return Image.of(Product.OPERATOR, foundation, classPath, directory);
  }

  private Path file(String name) throws Exception {
    var file = directory.resolve(name);
    return Files.exists(file) ? file : Files.writeString(file, name);
  }
}
