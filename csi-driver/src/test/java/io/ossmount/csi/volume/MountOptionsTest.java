package io.ossmount.csi.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.csi.volume.MountOptions.Flag;
import io.ossmount.csi.volume.VolumeException.InvalidRequest;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MountOptionsTest {
  @Test
  void all_known_options_are_read() {
    var options =
        MountOptions.parse(List.of("ro", "uid=1000", "gid=2000,umask=027", "noexec", "noatime"));

    assertThat(options.readOnly()).isTrue();
    assertThat(options.uid()).contains(1000);
    assertThat(options.gid()).contains(2000);
    assertThat(options.umask()).contains(027);
    assertThat(options.flags()).containsExactlyInAnyOrder(Flag.NOEXEC, Flag.NOATIME);
  }

  @Test
  void no_options_are_none() {
    assertThat(MountOptions.parse(List.of())).isEqualTo(MountOptions.NONE);
    assertThat(MountOptions.parse(List.of("rw"))).isEqualTo(MountOptions.NONE);
  }

  @Test
  void an_unknown_option_is_named_with_those_that_are_known() {
    assertThatThrownBy(() -> MountOptions.parse(List.of("allow_other")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("allow_other")
        .hasMessageContaining("ro, rw, noexec, nosuid, nodev, noatime, uid=N, gid=N, umask=OCTAL");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "ro,",
        "RO",
        " ro",
        "ro=1",
        "noexec=",
        "uid",
        "uid=",
        "uid=-1",
        "uid=4294967295",
        "uid=99999999999",
        "uid=0x10",
        "gid=root",
        "umask=8",
        "umask=1000",
        "umask=",
        "umask=00077",
        "uid=1,uid=2",
        "ro,rw"
      })
  void what_makes_no_sense_is_refused(String option) {
    assertThatThrownBy(() -> MountOptions.parse(List.of(option)))
        .isInstanceOf(InvalidRequest.class);
  }

  @Test
  void the_same_twice_is_no_contradiction() {
    assertThat(MountOptions.parse(List.of("uid=1", "uid=1", "ro", "ro")).uid()).contains(1);
  }

  @Test
  void a_flood_of_options_is_refused() {
    assertThatThrownBy(() -> MountOptions.parse(Collections.nCopies(65, "ro")))
        .isInstanceOf(InvalidRequest.class);
  }

  @Property
  void every_id_keeps_its_bits(@ForAll @LongRange(max = 0xFFFF_FFFEL) long id) {
    var options = MountOptions.parse(List.of("uid=" + id));

    assertThat(options.uid().map(Integer::toUnsignedLong)).contains(id);
  }

  @Property
  void every_mask_is_read_as_octal(@ForAll @IntRange(max = 0777) int mask) {
    assertThat(MountOptions.parse(List.of("umask=" + Integer.toOctalString(mask))).umask())
        .contains(mask);
  }

  @Property
  void any_text_is_read_or_refused(@ForAll @Size(max = 5) List<String> texts) {
    try {
      assertThat(MountOptions.parse(texts)).isNotNull();
    } catch (InvalidRequest e) {
      assertThat(e.getMessage()).hasSizeLessThan(500).doesNotContain("\n", "\u0000");
    }
  }
}
