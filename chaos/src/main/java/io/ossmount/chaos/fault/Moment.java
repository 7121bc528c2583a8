package io.ossmount.chaos.fault;

import io.ossmount.chaos.work.Operation;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * When a fault happens, and what workloads are in just then: what is noted after it was mended is
 * something else. Thread-safe.
 */
public final class Moment {
  private final Supplier<List<Operation>> board;
  private final Optional<Operation> rare;
  private Optional<Noted> noted = Optional.empty();

  /**
   * What was noted.
   *
   * @param at as {@link System#nanoTime}
   * @param underWay operations of workloads
   */
  public record Noted(long at, List<Operation> underWay) {
    /** Copies. */
    public Noted {
      underWay = List.copyOf(underWay);
    }
  }

  /**
   * Nothing is noted yet.
   *
   * @param board tells what is under way
   * @param rare what should be, as it seldom was when this fault happened
   */
  public Moment(Supplier<List<Operation>> board, Optional<Operation> rare) {
    this.board = board;
    this.rare = rare;
  }

  /** That of a fault that nobody works during. */
  public static Moment unseen() {
    return new Moment(List::of, Optional.empty());
  }

  /** Whether what seldom was under way is so now. */
  public boolean isRare() {
    return rare.isPresent() && board.get().contains(rare.get());
  }

  /** What should be under way, if anything. */
  public Optional<Operation> rare() {
    return rare;
  }

  /**
   * It happens now. A fault that takes its time says so at its begin, and again when it is there:
   * pauses are counted from the first time, and what is under way is that of the last.
   */
  public synchronized void now() {
    var at = System.nanoTime();
    noted = Optional.of(new Noted(noted.map(Noted::at).orElse(at), board.get()));
  }

  /** What was noted; empty: it did not happen. */
  public synchronized Optional<Noted> noted() {
    return noted;
  }
}
