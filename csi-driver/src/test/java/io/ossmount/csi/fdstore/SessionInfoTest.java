package io.ossmount.csi.fdstore;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ossmount.api.v1alpha1.ReadMode;
import io.ossmount.api.v1alpha1.WriteMode;
import io.ossmount.csi.volume.Directory;
import io.ossmount.csi.volume.Modes;
import io.ossmount.csi.volume.SessionKey;
import io.ossmount.csi.volume.VolumeId;
import io.ossmount.proto.session.v1.SessionOptions;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** What a cache pod hands back of a session names the session, or is refused. */
final class SessionInfoTest {
  private static final String LABEL = "ml/data";

  @Property
  void what_a_pod_was_told_gives_the_session_back(@ForAll("keys") SessionKey key) {
    var info = SessionInfo.create(key, LABEL);

    assertThat(told(info, info.options(), key.ossMountUid())).contains(info);
  }

  @Property
  void what_another_session_is_for_is_refused(
      @ForAll("keys") SessionKey key, @ForAll("keys") SessionKey other) {
    var info = SessionInfo.create(key, LABEL);
    var options = SessionInfo.create(other, LABEL).options();

    assertThat(told(info, options, other.ossMountUid()).isPresent()).isEqualTo(key.equals(other));
  }

  @Property
  void what_the_pod_of_another_ossmount_says_is_refused(@ForAll("keys") SessionKey key) {
    var info = SessionInfo.create(key, LABEL);

    assertThat(told(info, info.options(), key.ossMountUid() + "0")).isEmpty();
  }

  @Property
  void what_makes_no_sense_is_refused(@ForAll @Size(max = 60) byte[] bytes, @ForAll String name) {
    var info = SessionInfo.create(keys().sample(), LABEL);
    var options = info.options().toBuilder().setDirectory("../" + name).setVolume(name).build();

    assertThat(told(info, options, info.key().ossMountUid())).isEmpty();
    assertThat(SessionInfo.told(name + "/", info.options(), info.key().ossMountUid(), LABEL))
        .isEmpty();
    try {
      assertThat(told(info, SessionOptions.parseFrom(bytes), "u-1")).isEmpty();
    } catch (InvalidProtocolBufferException e) {
      assertThat(e).as("refused with the frame").isNotNull();
    }
  }

  private static Optional<SessionInfo> told(
      SessionInfo info, SessionOptions options, String ossMountUid) {
    return SessionInfo.told(info.name(), options, ossMountUid, info.ossMount());
  }

  @Provide
  Arbitrary<SessionKey> keys() {
    // Few values: two keys are often the same, or differ in one field.
    var ids = Arbitraries.integers().between(0, 1).optional();
    var modes =
        Combinators.combine(
                Arbitraries.of(ReadMode.class).optional(),
                Arbitraries.of(WriteMode.class).optional())
            .as(Modes::new);
    return Combinators.combine(
            Arbitraries.of("v", "w").map(VolumeId::new),
            Arbitraries.of("u-1", "u-2"),
            Arbitraries.of("", "a", "a/b").map(Directory::new),
            Arbitraries.of(true, false),
            ids,
            ids,
            Arbitraries.of(true, false),
            Arbitraries.of(0, 027).optional())
        .as((volume, uid, directory, readOnly, owner, group, like, umask) ->
            new SessionKey(volume, uid, directory, readOnly, owner, group, like, umask))
        .flatMap(key ->
            modes.map(mode ->
                new SessionKey(
                    key.volume(),
                    key.ossMountUid(),
                    key.directory(),
                    key.readOnly(),
                    key.owner(),
                    key.group(),
                    key.groupLikeOwner(),
                    key.umask(),
                    mode)));
  }
}
