package io.ossmount.bench;

import java.util.List;

/**
 * What several runs of one piece of work gave, in units per second: more is better.
 *
 * @param values in the order of the runs; at least one
 */
record Sample(List<Double> values) {
  Sample {
    values = List.copyOf(values);
    if (values.isEmpty()) {
      throw new IllegalArgumentException("a sample needs a value");
    }
  }

  double median() {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  double minimum() {
    return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
  }

  double maximum() {
    return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }
}
