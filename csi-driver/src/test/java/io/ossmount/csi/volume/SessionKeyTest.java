package io.ossmount.csi.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SessionKeyTest {
  private static final SessionKey KEY =
      new SessionKey(
          new VolumeId("v"),
          "u",
          new Directory("d"),
          false,
          Optional.empty(),
          Optional.of(1000),
          true,
          Optional.of(027));

  @Test
  void the_digest_is_the_same_in_every_version_of_the_driver() {
    assertThat(KEY.digest()).isEqualTo("7dfbb503c8382cb238ca005e631326be");
  }

  @Test
  void a_volume_that_says_how_it_is_written_has_a_session_of_its_own() {
    var async = withWriteMode("Async");

    assertThat(async.digest()).isNotEqualTo(KEY.digest());
    assertThat(async.digest()).isNotEqualTo(withWriteMode("Through").digest());
    assertThat(async.digest()).isEqualTo(withWriteMode("Async").digest());
  }

  private static SessionKey withWriteMode(String mode) {
    return new SessionKey(
        KEY.volume(),
        KEY.ossMountUid(),
        KEY.directory(),
        KEY.readOnly(),
        KEY.owner(),
        KEY.group(),
        KEY.groupLikeOwner(),
        KEY.umask(),
        Modes.parse(java.util.Map.of("ossmount.io/write-mode", mode)));
  }

  @Test
  void whatever_differs_gives_another_digest() {
    var others =
        Stream.of(
            new SessionKey(
                new VolumeId("w"),
                "u",
                new Directory("d"),
                false,
                Optional.empty(),
                Optional.of(1000),
                true,
                Optional.of(027)),
            new SessionKey(
                new VolumeId("v"),
                "t",
                new Directory("d"),
                false,
                Optional.empty(),
                Optional.of(1000),
                true,
                Optional.of(027)),
            new SessionKey(
                new VolumeId("v"),
                "u",
                new Directory("e"),
                false,
                Optional.empty(),
                Optional.of(1000),
                true,
                Optional.of(027)),
            new SessionKey(
                new VolumeId("v"),
                "u",
                new Directory("d"),
                true,
                Optional.empty(),
                Optional.of(1000),
                true,
                Optional.of(027)),
            new SessionKey(
                new VolumeId("v"),
                "u",
                new Directory("d"),
                false,
                Optional.of(0),
                Optional.of(1000),
                true,
                Optional.of(027)),
            new SessionKey(
                new VolumeId("v"),
                "u",
                new Directory("d"),
                false,
                Optional.empty(),
                Optional.of(1001),
                true,
                Optional.of(027)),
            new SessionKey(
                new VolumeId("v"),
                "u",
                new Directory("d"),
                false,
                Optional.empty(),
                Optional.of(1000),
                false,
                Optional.of(027)),
            new SessionKey(
                new VolumeId("v"),
                "u",
                new Directory("d"),
                false,
                Optional.empty(),
                Optional.of(1000),
                true,
                Optional.empty()));

    assertThat(Stream.concat(Stream.of(KEY), others).map(SessionKey::digest))
        .doesNotHaveDuplicates();
  }
}
