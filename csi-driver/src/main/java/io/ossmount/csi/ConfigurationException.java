package io.ossmount.csi;

import java.io.Serial;

/** The program cannot start as it is configured, or on this node; the message says all of why. */
final class ConfigurationException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  ConfigurationException(String message) {
    super(message);
  }
}
