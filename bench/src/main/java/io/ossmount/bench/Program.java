package io.ossmount.bench;

import java.util.List;
import java.util.Map;

/**
 * A program that mounts the bucket.
 *
 * @param side whose column it fills
 * @param command that stays in the foreground until it is told to end
 * @param environment besides this process's own
 * @param version as it says itself
 */
record Program(Side side, List<String> command, Map<String, String> environment, String version) {
  Program {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }
}
