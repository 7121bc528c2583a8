package io.ossmount.emulator.fault;

import io.ossmount.emulator.api.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** The rules that hold now. Thread-safe. */
public final class Faults {
  private static final int MOST_RULES = 1000;

  private final Map<Integer, Rule> rules = new LinkedHashMap<>();
  private int lastId;

  private static final class Rule {
    private final Fault fault;
    private int matches;
    private int hits;

    Rule(Fault fault) {
      this.fault = fault;
    }
  }

  /**
   * A rule and how often it has struck.
   *
   * @param id to remove it by
   * @param fault the rule
   * @param hits requests that got its effect
   */
  public record Status(int id, Fault fault, int hits) {}

  /**
   * Adds a rule.
   *
   * @return its id
   * @throws IllegalStateException there are too many
   */
  public synchronized int add(Fault fault) {
    if (rules.size() == MOST_RULES) {
      throw new IllegalStateException("more than " + MOST_RULES + " faults");
    }
    rules.put(++lastId, new Rule(fault));
    return lastId;
  }

  /** Removes a rule; whether there was one. */
  public synchronized boolean remove(int id) {
    return rules.remove(id) != null;
  }

  /** Removes all rules. */
  public synchronized void clear() {
    rules.clear();
  }

  /** All rules, oldest first. */
  public synchronized List<Status> all() {
    List<Status> all = new ArrayList<>();
    rules.forEach((id, rule) -> all.add(new Status(id, rule.fault, rule.hits)));
    return all;
  }

  /** How often a rule has struck; 0 if it is not there. */
  public synchronized int hits(int id) {
    Rule rule = rules.get(id);
    return rule == null ? 0 : rule.hits;
  }

  /** Counts a request, and says what is to happen to it: effects of all rules, oldest first. */
  public synchronized List<Effect> strike(
      Operation operation, String method, String bucket, String key) {
    List<Effect> effects = new ArrayList<>();
    for (Rule rule : rules.values()) {
      if (rule.fault.matches(operation, method, bucket, key)
          && ++rule.matches >= rule.fault.from()
          && rule.hits < rule.fault.times()
          && ThreadLocalRandom.current().nextDouble() < rule.fault.probability()) {
        rule.hits++;
        effects.add(rule.fault.effect());
      }
    }
    return effects;
  }
}
