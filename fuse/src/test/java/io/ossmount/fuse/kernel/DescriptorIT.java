package io.ossmount.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.fuse.OpenFlags;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Opens devices that every Linux has. */
final class DescriptorIT {
  private static Descriptor open() throws Exception {
    return Descriptor.open(Path.of("/dev/null"), OpenFlags.READ_WRITE);
  }

  private static boolean isOpen(int number) {
    return Files.isSymbolicLink(Path.of("/proc/self/fd/" + number));
  }

  @Test
  @SuppressWarnings("try") // closing early is what is tried
  void a_descriptor_stays_open_while_it_is_used() throws Exception {
    try (Descriptor descriptor = open()) {
      int number = descriptor.use();

      descriptor.close();
      descriptor.close();

      assertThat(descriptor.isClosed()).isTrue();
      assertThat(isOpen(number)).isTrue();
      assertThatThrownBy(descriptor::use).isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(descriptor::duplicate).isInstanceOf(ClosedChannelException.class);
      descriptor.endUse();
      assertThat(isOpen(number)).isFalse();
    }
  }

  @Test
  @SuppressWarnings("try")
  void a_duplicate_lives_on_its_own() throws Exception {
    try (Descriptor first = open();
        Descriptor second = first.duplicate()) {
      first.close();

      int number = second.use();
      assertThat(isOpen(number)).isTrue();
      second.endUse();
    }
  }

  @Test
  void what_cannot_be_opened_says_why() {
    assertThatThrownBy(() -> Descriptor.open(Path.of("/dev/none"), OpenFlags.READ_ONLY))
        .isInstanceOf(SystemCallException.class)
        .hasMessage("open /dev/none: No such file or directory (errno 2)");
  }
}
