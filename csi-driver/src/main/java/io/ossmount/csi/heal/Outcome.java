package io.ossmount.csi.heal;

import java.util.Optional;

/**
 * What became of one mount point.
 *
 * @param podUid of the pod that it belongs to, if that can be told
 * @param target mount point, as its namespace sees it
 * @param result what became of it
 */
public record Outcome(Optional<String> podUid, String target, Result result) {
  /** What became of a mount point. */
  public sealed interface Result {}

  /** The new session is there. */
  public record Healed() implements Result {}

  /**
   * The dead one is still there, as the part of the volume that it showed is not in the new
   * session.
   *
   * @param directory path in the volume
   */
  public record Missing(String directory) implements Result {}

  /**
   * The dead one is still there.
   *
   * @param reason for people
   */
  public record Failed(String reason) implements Result {
    static Failed of(Exception failure) {
      return new Failed(String.valueOf(failure.getMessage()));
    }
  }

  /** Whether the new session is there. */
  public boolean isHealed() {
    return result instanceof Healed;
  }

  /** For people: what is there now. */
  public String inWords() {
    return switch (result) {
      case Healed _ -> target + " shows the volume again";
      case Missing(var directory) ->
          target + ": the volume has no " + directory + " any more that could be mounted";
      case Failed(var reason) -> target + ": " + reason;
    };
  }
}
