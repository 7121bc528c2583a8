package io.ossmount.chaos;

import io.ossmount.chaos.fault.FaultKind;
import io.ossmount.chaos.scene.Scene;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Which faults happen, in which order. Pure: the same arguments give the same schedule.
 *
 * @param <S> where they can be done
 * @param injections in their order
 */
record Schedule<S extends Scene>(List<Injection<S>> injections) {
  /** Row of those that come in any order. */
  static final String MIXED = "mixed";

  /**
   * One fault.
   *
   * @param <S> where it can be done
   * @param row of the report that it counts for
   * @param kind which one
   * @param seed of what it chooses
   */
  record Injection<S extends Scene>(String row, FaultKind<S> kind, long seed) {}

  Schedule {
    injections = List.copyOf(injections);
  }

  /** Those that there are, each once. */
  List<FaultKind<S>> kinds() {
    return injections.stream().map(Injection::kind).distinct().toList();
  }

  /**
   * Each kind so often, one kind after the other; then all of them as often again, in any order.
   *
   * @param isMixed whether the second part is wanted
   */
  static <S extends Scene> Schedule<S> of(
      long seed, List<? extends FaultKind<S>> kinds, int times, boolean isMixed) {
    var random = new Random(seed);
    var one = new ArrayList<Injection<S>>();
    var mixed = new ArrayList<Injection<S>>();
    for (var kind : kinds) {
      for (int i = 0; i < times; i++) {
        one.add(new Injection<S>(kind.title(), kind, random.nextLong()));
        mixed.add(new Injection<S>(MIXED, kind, random.nextLong()));
      }
    }
    Collections.shuffle(mixed, random);
    if (isMixed) {
      one.addAll(mixed);
    }
    return new Schedule<>(one);
  }
}
