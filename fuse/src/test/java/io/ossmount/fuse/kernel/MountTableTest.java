package io.ossmount.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class MountTableTest {
  private static final String TABLE =
      """
      27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
      61 27 0:57 / /var/lib/my\\040mount\\134x rw,nosuid,nodev shared:7 master:2 - fuse.ossmount b/d\\040e rw,user_id=0
      62 27 0:57 /sub /pods/a\\011b ro,nosuid - fuse.ossmount b ro,user_id=0
      63 61 0:58 / /var/lib/my\\040mount\\134x rw - tmpfs tmpfs rw
      """;

  @Test
  void a_line_is_taken_apart_and_its_escapes_are_undone() {
    MountEntry entry = MountTable.parse(TABLE).entries().get(1);

    assertThat(entry.id()).isEqualTo(61);
    assertThat(entry.parent()).isEqualTo(27);
    assertThat(entry.device()).isEqualTo("0:57");
    assertThat(entry.minor()).isEqualTo(57);
    assertThat(entry.root()).isEqualTo("/");
    assertThat(entry.target()).isEqualTo("/var/lib/my mount\\x");
    assertThat(entry.options()).containsExactly("rw", "nosuid", "nodev");
    assertThat(entry.propagation()).containsExactly("shared:7", "master:2");
    assertThat(entry.type()).isEqualTo("fuse.ossmount");
    assertThat(entry.source()).isEqualTo("b/d e");
    assertThat(entry.superOptions()).containsExactly("rw", "user_id=0");
  }

  @Test
  void a_line_without_propagation_is_private() {
    MountEntry entry = MountTable.parse(TABLE).entries().get(2);

    assertThat(entry.propagation()).isEmpty();
    assertThat(entry.target()).isEqualTo("/pods/a\tb");
    assertThat(entry.isReadOnly()).isTrue();
  }

  @Test
  void of_two_mounts_at_one_place_the_later_one_is_on_top() {
    MountTable table = MountTable.parse(TABLE);

    assertThat(table.at(Path.of("/var/lib/my mount\\x")).orElseThrow().id()).isEqualTo(63);
    assertThat(table.at(Path.of("/var/lib"))).isEmpty();
  }

  @Test
  void a_mount_that_was_put_beneath_an_older_one_is_not_on_top() {
    MountTable table =
        MountTable.parse(
            """
            27 1 254:0 / / rw - ext4 /dev/vda rw
            62 90 0:57 / /data rw - fuse.ossmount b rw
            90 27 0:58 / /data rw - fuse.ossmount b rw
            """);

    assertThat(table.at(Path.of("/data")).orElseThrow().id()).isEqualTo(62);
    assertThat(table.stack("/data")).extracting(MountEntry::id).containsExactly(90, 62);
    assertThat(table.stack("/da")).isEmpty();
  }

  @Test
  void mounts_that_lie_on_each_other_in_a_circle_are_each_named_once() {
    MountTable table =
        MountTable.parse("1 2 0:1 / /a rw - tmpfs t rw\n2 1 0:2 / /a rw - tmpfs t rw");

    assertThat(table.stack("/a")).hasSize(2);
  }

  @Test
  void bind_mounts_of_a_session_have_its_device() {
    assertThat(MountTable.parse(TABLE).ofDevice("0:57"))
        .extracting(MountEntry::id)
        .containsExactly(61, 62);
  }

  @Test
  void names_in_utf8_are_kept() {
    MountTable table = MountTable.parse("1 2 0:9 / /mnt/数据\\040é rw - fuse.ossmount 桶 rw");

    assertThat(table.entries().getFirst().target()).isEqualTo("/mnt/数据 é");
    assertThat(table.entries().getFirst().source()).isEqualTo("桶");
  }

  @Test
  void a_line_of_another_form_is_refused_by_name() {
    assertThatThrownBy(() -> MountTable.parse("27 1 254:0 / / rw,relatime ext4 /dev/vda rw"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ext4");
  }

  @Property
  void any_text_is_parsed_or_refused(@ForAll String text) {
    try {
      assertThat(MountTable.parse(text)).isNotNull();
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageNotContaining("Index");
    }
  }
}
