package io.ossmount.chaos.judge;

import io.ossmount.chaos.content.Content;
import io.ossmount.chaos.work.Event;
import io.ossmount.chaos.work.Event.Change;
import io.ossmount.chaos.work.Event.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What writers were promised. A change that was acknowledged must be found in the bucket; of one
 * that was only asked for, either side may be found, and of its bytes a beginning. Thread-safe.
 */
public final class Ledger {
  private static final State ABSENT = new State(0, 0, Event.ABSENT, true);

  private final Map<String, List<State>> possible = new TreeMap<>();

  /** Paths whose last change {@link #settled} has not told of. */
  private final Set<String> news = new TreeSet<>();

  /**
   * What may be found under a path.
   *
   * @param least so many bytes at least, as they were acknowledged before
   */
  record State(long seed, long least, long size, boolean isAcknowledged) {
    boolean fits(Optional<byte[]> object) {
      if (size == Event.ABSENT || object.isEmpty()) {
        return size == Event.ABSENT && object.isEmpty();
      }
      var bytes = object.get();
      var isSoLong = isAcknowledged ? bytes.length == size : bytes.length <= size;
      return isSoLong
          && bytes.length >= least
          && new Content(seed).firstDifference(ByteBuffer.wrap(bytes), 0) == Content.NONE;
    }

    @Override
    public String toString() {
      var what = size == Event.ABSENT ? "nothing" : size + " bytes of seed " + seed;
      return isAcknowledged ? what : "perhaps " + what;
    }
  }

  /** Where the objects are. */
  public interface Bucket {
    /** The bytes of an object; empty: it is not there. */
    Optional<byte[]> read(String key) throws IOException;
  }

  /** Takes a change; those of one path in the order in which they were told. */
  public synchronized void take(Change change) {
    var states = possible.computeIfAbsent(change.path(), _ -> new ArrayList<>(List.of(ABSENT)));
    var isAcknowledged = change.step() == Step.ACKNOWLEDGED;
    var least = isAcknowledged ? 0 : acknowledged(states, change.seed());
    if (isAcknowledged) {
      states.clear();
    }
    states.add(new State(change.seed(), least, change.size(), isAcknowledged));
    news.add(change.path());
  }

  /** How much of these bytes there must be: who appends to a file takes nothing of it away. */
  private static long acknowledged(List<State> states, long seed) {
    return states.stream()
        .filter(state -> state.isAcknowledged() && state.seed() == seed)
        .mapToLong(State::size)
        .filter(size -> size != Event.ABSENT)
        .findFirst()
        .orElse(0);
  }

  /**
   * The settled paths, of which only one thing may be found, for it was acknowledged and nothing
   * was asked for since; those alone that were changed since the last call.
   */
  public synchronized List<Settled> settled() {
    var settled = new ArrayList<Settled>();
    for (var path : news) {
      var states = possible.getOrDefault(path, List.of());
      if (states.size() == 1 && states.getFirst().isAcknowledged()) {
        settled.add(new Settled(path, states.getFirst()));
      }
    }
    settled.forEach(each -> news.remove(each.path()));
    return settled;
  }

  /** Whether the path is settled as it was. */
  public synchronized boolean isStill(Settled settled) {
    return List.of(settled.state()).equals(possible.get(settled.path()));
  }

  /** How many paths were written to. */
  public synchronized int size() {
    return possible.size();
  }

  /**
   * What is not as promised, one line each.
   *
   * @param keys of all objects where the writers write; those with a slash at their end that no one
   *     has told of are markers that the product makes
   */
  public synchronized List<String> check(Iterable<String> keys, Bucket bucket) throws IOException {
    var problems = new ArrayList<String>();
    for (var key : keys) {
      if (!key.endsWith("/") && !possible.containsKey(key)) {
        problems.add(key + " is in the bucket, and nobody wrote it");
      }
    }
    for (var entry : possible.entrySet()) {
      var object = bucket.read(entry.getKey());
      if (entry.getValue().stream().noneMatch(state -> state.fits(object))) {
        problems.add(difference(entry.getKey(), entry.getValue(), object));
      }
    }
    return problems;
  }

  static String difference(String path, List<State> expected, Optional<byte[]> object) {
    return path
        + " should be "
        + expected
        + ", the bucket has "
        + object.map(bytes -> bytes.length + " other bytes").orElse("nothing");
  }
}
