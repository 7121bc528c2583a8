package io.ossmount.csi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads environment variables and collects what is wrong with them. Not thread-safe. */
final class Environment {
  private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");

  private final Map<String, String> variables;
  private final List<String> problems = new ArrayList<>();

  Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  /** A variable that has to be there. */
  String required(String name) {
    var value = variables.getOrDefault(name, "");
    if (value.isBlank()) {
      problems.add(name + " is missing");
    }
    return value;
  }

  /** An absolute path without "." and "..", of at most {@code mostBytes}. */
  Path path(String name, String otherwise, int mostBytes) {
    var text = Optional.ofNullable(variables.get(name)).orElse(otherwise);
    try {
      var path = Path.of(text);
      if (path.isAbsolute() && path.normalize().equals(path) && path.getNameCount() > 0) {
        if (text.getBytes(UTF_8).length > mostBytes) {
          problems.add(
              name + " is longer than " + mostBytes + " bytes, too long for unix sockets: " + text);
        }
        return path;
      }
    } catch (InvalidPathException _) {
      // Reported below.
    }
    problems.add(name + " is not an absolute path without \".\" and \"..\": " + text);
    return Path.of(otherwise);
  }

  /** A TCP port. */
  int port(String name, int otherwise) {
    var text = Optional.ofNullable(variables.get(name)).orElse(Integer.toString(otherwise));
    if (PORT.matcher(text).matches() && Integer.parseInt(text) <= 65_535) {
      return Integer.parseInt(text);
    }
    problems.add(name + " is not a port number: " + text);
    return otherwise;
  }

  /** Throws when anything read so far was wrong, and says all of it. */
  void throwIfWrong() {
    if (!problems.isEmpty()) {
      throw new ConfigurationException(String.join("; ", problems));
    }
  }
}
