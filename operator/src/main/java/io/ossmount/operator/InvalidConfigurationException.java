package io.ossmount.operator;

import java.io.Serial;
import java.util.List;

/** The environment does not make a configuration; the message lists all that is wrong. */
final class InvalidConfigurationException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  InvalidConfigurationException(List<String> problems) {
    super(String.join("\n", problems));
  }
}
