package io.ossmount.csi.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.csi.volume.VolumeException.InvalidRequest;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DirectoryTest {
  @Test
  void directories_are_joined() {
    assertThat(new Directory("a").join(new Directory("b/c")).path()).isEqualTo("a/b/c");
    assertThat(Directory.WHOLE.join(new Directory("b")).path()).isEqualTo("b");
    assertThat(new Directory("a").join(Directory.WHOLE).path()).isEqualTo("a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/a", "a/", "a//b", ".", "..", "a/../b", "a/./b", "a/..", "\u0000", "a\tb"})
  void a_directory_that_could_lead_elsewhere_is_refused(String path) {
    assertThatThrownBy(() -> new Directory(path)).isInstanceOf(InvalidRequest.class);
  }

  @Property
  void whatever_is_taken_stays_below_the_root(
      @ForAll @CharRange(from = '.', to = '/') @CharRange(from = 'a', to = 'b') String path) {
    try {
      var directory = new Directory(path);
      var resolved = Path.of("/root").resolve(directory.path());
      assertThat(resolved.normalize()).isEqualTo(resolved);
      assertThat(resolved.startsWith("/root")).isTrue();
    } catch (InvalidRequest e) {
      assertThat(e).hasMessageContaining("directory");
    }
  }
}
