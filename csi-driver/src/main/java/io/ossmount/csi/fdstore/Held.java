package io.ossmount.csi.fdstore;

import io.ossmount.proto.session.v1.SessionOptions;
import java.util.List;
import java.util.Optional;

/**
 * What a pod hands back of one session with its Hello.
 *
 * @param descriptors of the session
 * @param backing all backing ids that it knows of; empty when it did not say
 * @param options what it was told that the session is for, as it says; empty when it did not say
 */
record Held(
    Descriptors descriptors, Optional<List<Integer>> backing, Optional<SessionOptions> options) {
  /** Copies the list. */
  Held {
    backing = backing.map(List::copyOf);
  }
}
