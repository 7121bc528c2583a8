package io.ossmount.chaos.judge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What each process of the product held when all was well. One that takes another's place is
 * compared with the first of its name: it may not begin with more, and leaks of many add up.
 */
public final class Baseline {
  private final Map<String, Leaks> held;

  private Baseline(Map<String, Leaks> held) {
    this.held = Map.copyOf(held);
  }

  /**
   * Of these, now.
   *
   * @param processes their ids, by name
   * @throws IOException one of them is not there
   */
  public static Baseline of(Map<String, Long> processes) throws IOException {
    var held = new HashMap<String, Leaks>();
    for (var process : processes.entrySet()) {
      held.put(process.getKey(), Leaks.of(process.getValue()));
    }
    return new Baseline(held);
  }

  /**
   * What the processes with these names hold that is too much, and who is missing; one line each.
   *
   * @param deleted by name, how many deleted files one may have; who is not named, none
   */
  public List<String> exceeded(Map<String, Long> processes, Map<String, Long> deleted) {
    var leaks = new ArrayList<String>();
    held.forEach((name, before) -> {
      var pid = processes.get(name);
      if (pid == null) {
        leaks.add(name + ": does not run");
        return;
      }
      try {
        leaks.addAll(Leaks.between(name, before, Leaks.of(pid), deleted.getOrDefault(name, 0L)));
      } catch (IOException e) {
        leaks.add(name + ": does not run any more: " + e.getMessage());
      }
    });
    leaks.sort(null);
    return leaks;
  }
}
