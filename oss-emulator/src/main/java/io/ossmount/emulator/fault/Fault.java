package io.ossmount.emulator.fault;

import io.ossmount.emulator.api.Operation;
import java.util.Optional;

/**
 * A rule: requests that match get the effect. For example the second to fourth GET below "a/":
 *
 * <pre>{@code Fault.on(GET_OBJECT).key("a/*").from(2).times(3).gives(Effect.slowDown())}</pre>
 *
 * @param operation empty: any
 * @param method HTTP method; empty: any
 * @param bucket empty: any
 * @param key pattern, {@code *} for any run of characters and {@code ?} for one; empty: any
 * @param from which match is the first that counts, 1 for the first
 * @param times how many of these are hit
 * @param probability with which each of them is hit, up to 1
 * @param effect what happens
 */
public record Fault(
    Optional<Operation> operation,
    Optional<String> method,
    Optional<String> bucket,
    Optional<String> key,
    int from,
    int times,
    double probability,
    Effect effect) {
  /** Checks ranges. */
  public Fault {
    if (from < 1 || times < 1 || !(probability > 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "from and times must be at least 1, probability above 0 and at most 1");
    }
  }

  /** Begins a rule for one operation. */
  public static Builder on(Operation operation) {
    Builder builder = onAny();
    builder.operation = Optional.of(operation);
    return builder;
  }

  /** Begins a rule for all requests. */
  public static Builder onAny() {
    return new Builder();
  }

  boolean matches(Operation asked, String askedMethod, String askedBucket, String askedKey) {
    return operation.map(asked::equals).orElse(true)
        && method.map(askedMethod::equalsIgnoreCase).orElse(true)
        && bucket.map(askedBucket::equals).orElse(true)
        && key.map(pattern -> KeyPattern.matches(pattern, askedKey)).orElse(true);
  }

  /** Collects a rule. */
  public static final class Builder {
    private Optional<Operation> operation = Optional.empty();
    private Optional<String> method = Optional.empty();
    private Optional<String> bucket = Optional.empty();
    private Optional<String> key = Optional.empty();
    private int from = 1;
    private int times = Integer.MAX_VALUE;
    private double probability = 1;

    private Builder() {}

    /** Only this HTTP method. */
    public Builder method(String only) {
      method = Optional.of(only);
      return this;
    }

    /** Only this bucket. */
    public Builder bucket(String only) {
      bucket = Optional.of(only);
      return this;
    }

    /** Only keys of this pattern. */
    public Builder key(String pattern) {
      key = Optional.of(pattern);
      return this;
    }

    /** Not before the n-th match; 1 is the first. */
    public Builder from(int nth) {
      from = nth;
      return this;
    }

    /** Only so often. */
    public Builder times(int count) {
      times = count;
      return this;
    }

    /** Only with this probability. */
    public Builder probability(double chance) {
      probability = chance;
      return this;
    }

    /** The rule. */
    public Fault gives(Effect effect) {
      return new Fault(operation, method, bucket, key, from, times, probability, effect);
    }
  }
}
