package io.ossmount.operator.report;

import io.ossmount.api.v1alpha1.Condition.Status;

/** A condition as it is found, before it is known since when. */
public record Finding(String type, Status status, String reason, String message) {
  // The limit that the API conventions set for messages is 32 KiB; nobody reads more than this.
  private static final int MAX_MESSAGE_CHARS = 1024;

  /** Cuts the message. */
  public Finding {
    if (message.length() > MAX_MESSAGE_CHARS) {
      message = message.substring(0, MAX_MESSAGE_CHARS - 3) + "...";
    }
  }

  /** It is so. */
  public static Finding yes(String type, String reason, String message) {
    return new Finding(type, Status.True, reason, message);
  }

  /** It is not so. */
  public static Finding no(String type, String reason, String message) {
    return new Finding(type, Status.False, reason, message);
  }

  /** It cannot be said. */
  public static Finding unknown(String type, String reason, String message) {
    return new Finding(type, Status.Unknown, reason, message);
  }

  boolean is(Status wanted) {
    return status == wanted;
  }
}
