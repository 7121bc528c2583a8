package io.ossmount.csi.volume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.csi.volume.VolumeException.InvalidRequest;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

final class VolumeIdTest {
  private static final String UID = "6c1ab7b6-3a3c-4a6c-8f5d-0d7f9d6b9c11";

  @Test
  void an_id_says_which_ossmount_and_volume_it_is() {
    var id = VolumeId.of(UID, "pvc-1");

    assertThat(id.value()).isEqualTo(UID + ".pvc-1");
    assertThat(id.ossMountUid()).contains(UID);
  }

  @Test
  void a_name_that_does_not_fit_is_replaced_by_its_hash() {
    var id = VolumeId.of(UID, "n".repeat(128));

    assertThat(id.value())
        .hasSize(36 + 1 + 64)
        .isEqualTo(VolumeId.of(UID, "n".repeat(128)).value());
    assertThat(id).isNotEqualTo(VolumeId.of(UID, "n".repeat(127)));
  }

  @Test
  void an_id_written_by_hand_names_no_ossmount() {
    assertThat(new VolumeId("my volume").ossMountUid()).isEmpty();
    assertThat(new VolumeId("plain").ossMountUid()).isEmpty();
  }

  @Test
  void empty_long_and_unprintable_ids_are_refused() {
    assertThatThrownBy(() -> new VolumeId("")).isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> new VolumeId("v".repeat(129))).isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> new VolumeId("a\nb")).isInstanceOf(InvalidRequest.class);
  }

  @Property
  void any_name_gives_a_stable_id_that_finds_its_ossmount(@ForAll @NotEmpty String name) {
    var id = VolumeId.of(UID, name);

    assertThat(id.value().getBytes(UTF_8)).hasSizeLessThanOrEqualTo(128);
    assertThat(id.ossMountUid()).contains(UID);
    assertThat(VolumeId.of(UID, name)).isEqualTo(id);
  }
}
