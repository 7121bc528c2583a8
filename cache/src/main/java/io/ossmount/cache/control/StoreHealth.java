package io.ossmount.cache.control;

import io.ossmount.cache.store.StoreException;
import java.time.Instant;
import java.util.Optional;

/**
 * How the store was when it was looked at last.
 *
 * @param reason {@link #REACHABLE}, or why not, as {@code StoreCheck.reason} of {@code
 *     control/v1/control.proto} lists them; the operator shows it
 * @param message for people, without secrets
 * @param checked when; empty: not yet
 * @param directoryEmpty whether there is no object below the mount's directory
 */
public record StoreHealth(
    String reason, String message, Optional<Instant> checked, boolean directoryEmpty) {
  /** Reason of a store that does what it is asked. */
  public static final String REACHABLE = "Reachable";

  /** Before the first answer. */
  public static final StoreHealth CHECKING =
      new StoreHealth("Checking", "the bucket was not looked at yet", Optional.empty(), false);

  static StoreHealth good(Instant checked, boolean directoryEmpty) {
    String message = directoryEmpty ? "the directory has no object" : "";
    return new StoreHealth(REACHABLE, message, Optional.of(checked), directoryEmpty);
  }

  static StoreHealth bad(Instant checked, StoreException failure) {
    return new StoreHealth(
        reason(failure), String.valueOf(failure.getMessage()), Optional.of(checked), false);
  }

  /** The local disk does not allow to use the store. */
  public static StoreHealth diskFailed(Instant when, String message) {
    return new StoreHealth("CacheDiskFailed", message, Optional.of(when), false);
  }

  /** Whether sessions can be served. */
  public boolean isGood() {
    return reason.equals(REACHABLE);
  }

  /** Whether it says the same, whenever that was found. */
  boolean saysWhat(StoreHealth other) {
    return reason.equals(other.reason)
        && message.equals(other.message)
        && directoryEmpty == other.directoryEmpty;
  }

  /** The reason that a failure is shown with. */
  public static String reason(StoreException failure) {
    return switch (failure) {
      case StoreException.Denied denied ->
          switch (denied.reason()) {
            // An expired token is one of a wrong access key; the message tells which.
            case INVALID_ACCESS_KEY, INVALID_SECURITY_TOKEN -> "InvalidAccessKey";
            case SIGNATURE_MISMATCH -> "SignatureMismatch";
            case CLOCK_SKEW -> "ClockSkew";
            case LIST_DENIED -> "ListDenied";
            case WRITE_DENIED -> "WriteDenied";
            case ACCESS_DENIED -> "AccessDenied";
            case CREDENTIALS_MISSING -> "CredentialsMissing";
          };
      case StoreException.BucketNotFound _ -> "BucketNotFound";
      case StoreException.Unreachable _,
          StoreException.Unavailable _,
          StoreException.Corrupted _,
          StoreException.Interrupted _,
          StoreException.Invalid _,
          StoreException.NotFound _,
          StoreException.VersionChanged _ ->
          "EndpointUnreachable";
    };
  }
}
