package io.ossmount.bench;

import java.util.ArrayList;
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

  /** The same with one more option, before all others. */
  Program with(String option) {
    List<String> changed = new ArrayList<>(command);
    changed.add(1, option);
    return new Program(side, changed, environment, version);
  }
}
