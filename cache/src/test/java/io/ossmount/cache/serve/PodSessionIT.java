package io.ossmount.cache.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.proto.session.v1.SessionOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a session's memory, a real memfd, says of those who had it before. */
final class PodSessionIT {
  @Test
  void a_session_that_somebody_tried_in_vain_to_serve_is_not_taken_over() throws Exception {
    var memfd = SessionMemory.create();
    var descriptors = List.of(SessionMemory.create(), memfd.duplicate());
    var session = new PodSession("s-1", SessionOptions.getDefaultInstance(), descriptors);
    try (SessionMemory memory = SessionMemory.map(memfd)) {
      assertThat(session.isTakenOver()).as("new").isFalse();

      memory.nextEpoch();
      assertThat(session.isTakenOver()).as("tried").isFalse();

      memory.setNegotiated(new byte[] {1});
      assertThat(session.isTakenOver()).as("served").isTrue();
    } finally {
      session.end();
    }
  }
}
