package io.ossmount.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Of the archives that the build has just written. Needs root: an image is started in a root
 * directory of its own.
 */
class ImagesIT {
  @TempDir private Path directory;

  @BeforeEach
  void needsRoot() {
    assertThat(System.getProperty("user.name")).as("this test needs root").isEqualTo("root");
  }

  @ParameterizedTest
  @EnumSource
  void theRuntimeOfAnImageStartsAsItsUserAndKnowsEveryFileName(Product product) throws Exception {
    // given
    var root = unpack(product);
    // when
    var said = inside(root, product, "-Xshare:on", "-XshowSettings:properties", "-version");
    // then
    assertThat(said).contains("sun.jnu.encoding = UTF-8").contains("OpenJDK");
  }

  @ParameterizedTest
  @EnumSource
  void theEntryPointOfAnImageIsItsProgramOrTheSupervisorOfThat(Product product) throws Exception {
    // given
    var image = UnpackedImage.of(product, directory);
    // when
    var command = image.entryPoint();
    // then
    assertThat(command).endsWith(product.mainClass());
    assertThat(command.contains(Supervision.MAIN_CLASS)).isEqualTo(product.isSupervised());
  }

  @ParameterizedTest
  @EnumSource
  void nobodyButRootMayWriteIntoAnImageExceptToTmp(Product product) throws Exception {
    // given
    var root = unpack(product);
    // when
    var writable =
        Command.run(List.of("find", root.toString(), "-perm", "/022", "-not", "-type", "l"));
    // then
    assertThat(writable.lines()).containsExactly(root.resolve("tmp").toString());
  }

  private Path unpack(Product product) throws Exception {
    return UnpackedImage.of(product, directory).root();
  }

  /** In a mount namespace, because the dynamic linker asks /proc where the program is. */
  private static String inside(Path root, Product product, String... arguments) throws Exception {
    Files.createDirectory(root.resolve("proc"));
    var script =
        "mount -t proc proc \"$0/proc\" && user=$1 && shift && exec chroot --userspec=$user \"$0\" \"$@\"";
    var command =
        new ArrayList<>(List.of("unshare", "-m", "env", "LC_ALL=C.UTF-8", "sh", "-c", script));
    command.addAll(List.of(root.toString(), product.user().ids(), "/opt/java/bin/java"));
    command.add("@/opt/ossmount/java.options");
    command.addAll(List.of(arguments));
    return Command.run(command);
  }
}
