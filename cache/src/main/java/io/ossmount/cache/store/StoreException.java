package io.ossmount.cache.store;

/**
 * Why a store did not do what it was asked. One class for each thing that somebody has to react to
 * differently. Messages name bucket and key and what OSS said, never credentials.
 */
public abstract sealed class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private StoreException(String message) {
    super(message);
  }

  private StoreException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Whether OSS has said no: what it was asked for was not done. Others leave that open. */
  public final boolean isRefusal() {
    return switch (this) {
      case NotFound _, VersionChanged _, Denied _, BucketNotFound _ -> true;
      // An upload that is gone may be one that was completed.
      case Invalid _, Unreachable _, Unavailable _, Corrupted _, Interrupted _ -> false;
    };
  }

  /** The object is not there. */
  public static final class NotFound extends StoreException {
    private static final long serialVersionUID = 1L;

    /** With what was asked for. */
    public NotFound(String message) {
      super(message);
    }
  }

  /** The object is no longer of the version that was asked for, or is there and was not to be. */
  public static final class VersionChanged extends StoreException {
    private static final long serialVersionUID = 1L;

    /** With what was asked for. */
    public VersionChanged(String message) {
      super(message);
    }
  }

  /** OSS refuses the credentials, or these may not do this. */
  public static final class Denied extends StoreException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Why, and with what OSS said. */
    public Denied(Reason reason, String message) {
      super(message);
      this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
      return reason;
    }

    /** What is wrong with the credentials. */
    public enum Reason {
      /** No such access key, or it is disabled. */
      INVALID_ACCESS_KEY,
      /** The secret does not fit the key. */
      SIGNATURE_MISMATCH,
      /** The token has expired or is wrong. */
      INVALID_SECURITY_TOKEN,
      /** This machine's clock differs too much from that of OSS. */
      CLOCK_SKEW,
      /** The key is right but has no right to list. */
      LIST_DENIED,
      /** The key is right but has no right to write. */
      WRITE_DENIED,
      /** The key is right but has no right to do what was asked. */
      ACCESS_DENIED,
      /** There are no credentials. */
      CREDENTIALS_MISSING
    }
  }

  /** The bucket is not there. */
  public static final class BucketNotFound extends StoreException {
    private static final long serialVersionUID = 1L;

    /** With the bucket's name. */
    public BucketNotFound(String message) {
      super(message);
    }
  }

  /** OSS could not be reached, or did not answer in time, with all retries. */
  public static final class Unreachable extends StoreException {
    private static final long serialVersionUID = 1L;

    /** With the endpoint and what went wrong. */
    public Unreachable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** OSS answered that it cannot for now (5xx, throttling), with all retries. */
  public static final class Unavailable extends StoreException {
    private static final long serialVersionUID = 1L;

    /** With what OSS said. */
    public Unavailable(String message) {
      super(message);
    }
  }

  /** What arrived is not what was sent: a checksum or a length is wrong, with all retries. */
  public static final class Corrupted extends StoreException {
    private static final long serialVersionUID = 1L;

    /** With what was compared. */
    public Corrupted(String message) {
      super(message);
    }
  }

  /** OSS refuses the request as such: a name too long, a part too small, an upload that is gone. */
  public static final class Invalid extends StoreException {
    private static final long serialVersionUID = 1L;

    /** With what OSS said. */
    public Invalid(String message) {
      super(message);
    }
  }

  /** The waiting thread was interrupted; its flag is set. */
  public static final class Interrupted extends StoreException {
    private static final long serialVersionUID = 1L;

    /** With what was being done. */
    public Interrupted(String message) {
      super(message);
    }
  }
}
