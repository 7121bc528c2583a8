package io.ossmount.csi.volume;

import java.io.Serial;

/**
 * Why a request fails, in words for the user who reads the event on their pod or claim. Never
 * contains a secret. Has no stack trace: it is an answer, not a fault.
 */
public abstract sealed class VolumeException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private VolumeException(String message) {
    super(message, null, false, false);
  }

  /** The request itself is wrong; it fails again until it is changed. */
  public static final class InvalidRequest extends VolumeException {
    @Serial private static final long serialVersionUID = 1;

    /** Fails with what is wrong and what would be right. */
    public InvalidRequest(String message) {
      super(message);
    }
  }

  /** What the request names is not there. */
  public static final class NotFound extends VolumeException {
    @Serial private static final long serialVersionUID = 1;

    /** Fails with what was looked for, and where. */
    public NotFound(String message) {
      super(message);
    }
  }

  /** The request is well-formed, but who sends it may not have what it asks for. */
  public static final class NotAllowed extends VolumeException {
    @Serial private static final long serialVersionUID = 1;

    /** Fails with what is refused, and what would allow it. */
    public NotAllowed(String message) {
      super(message);
    }
  }

  /** The volume is published at the target already, in another way. */
  public static final class PublishedOtherwise extends VolumeException {
    @Serial private static final long serialVersionUID = 1;

    /** Fails with the difference. */
    public PublishedOtherwise(String message) {
      super(message);
    }
  }

  /** It cannot be done now, and is worth trying again. */
  public static final class Unavailable extends VolumeException {
    @Serial private static final long serialVersionUID = 1;

    /** Fails with what is awaited. */
    public Unavailable(String message) {
      super(message);
    }
  }

  /** Another call for the same volume did not end within this call's deadline. */
  public static final class Busy extends VolumeException {
    @Serial private static final long serialVersionUID = 1;

    /** Fails with what is going on. */
    public Busy(String message) {
      super(message);
    }
  }

  /** The node refuses what should be possible: an errno of mount(2) and the like. */
  public static final class NodeFault extends VolumeException {
    @Serial private static final long serialVersionUID = 1;

    /** Fails with the kernel's own words. */
    public NodeFault(String message) {
      super(message);
    }
  }
}
