package io.ossmount.emulator.auth;

import io.ossmount.emulator.api.Access;
import java.util.EnumSet;
import java.util.Set;

/**
 * What an access key may do, in all buckets.
 *
 * @param accesses kinds of operations
 * @param prefix only keys (and listings) below it; "" for all. With a prefix no operation on a
 *     bucket as a whole is allowed.
 */
public record Rights(Set<Access> accesses, String prefix) {
  /** Everything. */
  public static final Rights FULL = new Rights(EnumSet.allOf(Access.class), "");

  /** Everything that begins with Get, Head or List. */
  public static final Rights READ_ONLY =
      new Rights(EnumSet.of(Access.SERVICE, Access.BUCKET_READ, Access.LIST, Access.READ), "");

  /** Objects can be read and written, and no name be listed. */
  public static final Rights NO_LIST = new Rights(EnumSet.of(Access.READ, Access.WRITE), "");

  /** Nothing. */
  public static final Rights NONE = new Rights(EnumSet.noneOf(Access.class), "");

  /** Takes a copy. */
  public Rights {
    accesses = Set.copyOf(accesses);
  }

  /** The same, only below a prefix. */
  public Rights below(String onlyPrefix) {
    return new Rights(accesses, onlyPrefix);
  }

  /**
   * Whether it may be done.
   *
   * @param target the object's key; for a listing its prefix; "" for a whole bucket
   */
  public boolean allow(Access access, String target) {
    return accesses.contains(access) && target.startsWith(prefix);
  }

  /** Whether it may be done with any key at all. */
  public boolean allow(Access access) {
    return accesses.contains(access);
  }

  /**
   * Reads "full", "read-only", "no-list" or "none".
   *
   * @throws IllegalArgumentException another word
   */
  public static Rights parse(String word) {
    return switch (word) {
      case "full" -> FULL;
      case "read-only" -> READ_ONLY;
      case "no-list" -> NO_LIST;
      case "none" -> NONE;
      default ->
          throw new IllegalArgumentException(
              "rights are full, read-only, no-list or none, not \"" + word + "\"");
    };
  }

  /** The word that {@link #parse} understands, or the list of accesses. */
  public String word() {
    for (String word : new String[] {"full", "read-only", "no-list", "none"}) {
      if (parse(word).accesses.equals(accesses)) {
        return word;
      }
    }
    return accesses.toString();
  }
}
