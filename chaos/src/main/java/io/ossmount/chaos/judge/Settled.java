package io.ossmount.chaos.judge;

import java.util.List;
import java.util.Optional;

/**
 * What has to be found under a path.
 *
 * @param path key of the object
 * @param state that was acknowledged last
 */
public record Settled(String path, Ledger.State state) {
  /** What is wrong with what the bucket has there; empty: nothing is. */
  public Optional<String> problem(Optional<byte[]> object) {
    return state.fits(object)
        ? Optional.empty()
        : Optional.of(Ledger.difference(path, List.of(state), object));
  }
}
