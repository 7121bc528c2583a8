package io.ossmount.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesIT {
  @TempDir private Path directory;

  @Test
  void whatLddFindsOutsideOfTheRuntimeGoesIntoTheImageUnderTheNameThatTheLinkerKnows()
      throws Exception {
    // given a library behind a link, and one of the runtime itself
    var real = Files.createFile(directory.resolve("libc-2.36.so"));
    var link = Files.createSymbolicLink(directory.resolve("libc.so.6"), real);
    var home = directory.resolve("java");
    var said =
        """
        %2$s/bin/java:
        \tlinux-vdso.so.1 (0x00007ffd8d9f2000)
        \tlibjli.so => %2$s/bin/../lib/libjli.so (0x00007ff280388000)
        \tlibc.so.6 => %1$s (0x00007ff28019d000)
        \tlibjvm.so => not found
        """
            .formatted(link, home);
    // when
    var libraries = NativeLibraries.outside(home, said);
    // then
    assertThat(libraries)
        .containsExactly(new NativeLibraries.Library(real.toRealPath(), link.toString()));
  }

  @Test
  void resolversBesideTheCLibraryComeWithIt() throws Exception {
    // given
    var library = Files.createFile(directory.resolve("libc.so.6"));
    var resolver = Files.createFile(directory.resolve("libresolv.so.2"));
    // when
    var libraries =
        NativeLibraries.outside(
            Path.of("/nowhere"), "\t%s (0x00007ff28019d000)\n".formatted(library));
    // then
    assertThat(libraries)
        .extracting(NativeLibraries.Library::path)
        .containsExactly(library.toString(), resolver.toString());
  }
}
