package io.ossmount.emulator.store;

import java.util.Optional;

/**
 * Where a listing begins or goes on.
 *
 * @param name a key, or a common prefix
 * @param kind how it is meant
 */
public record Position(String name, Kind kind) {
  /** How a name bounds a listing. */
  public enum Kind {
    /** This key and what follows. */
    AT,
    /** What follows this key. */
    AFTER_KEY,
    /** What follows all keys that begin so. */
    AFTER_PREFIX
  }

  /** From the beginning. */
  public static final Position START = new Position("", Kind.AT);

  /** The first possible key as AT; empty: nothing can follow. */
  Optional<String> inclusive() {
    return switch (kind) {
      case AT -> Optional.of(name);
      case AFTER_KEY -> Optional.of(name + '\0'); // the next string in any order
      case AFTER_PREFIX -> KeyOrder.after(name);
    };
  }
}
