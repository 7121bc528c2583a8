package io.ossmount.emulator.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One page of names.
 *
 * @param entries what begins with the prefix, in order
 * @param prefixes common prefixes, in order
 * @param next where the next page begins; empty: this is the last
 * @param <T> what a name stands for
 */
public record Listing<T>(List<T> entries, List<String> prefixes, Optional<Position> next) {
  /** Takes copies. */
  public Listing {
    entries = List.copyOf(entries);
    prefixes = List.copyOf(prefixes);
  }

  /**
   * What to list.
   *
   * @param prefix of all names; "" for any
   * @param delimiter names are folded at its first occurrence after the prefix; "" for none
   * @param from where to begin
   * @param most entries and common prefixes together
   */
  public record Request(String prefix, String delimiter, Position from, int most) {}

  /** Walks the index; a folded directory costs one step, however much is in it. */
  static <T> Listing<T> of(NavigableMap<String, T> index, Request request) {
    List<T> entries = new ArrayList<>();
    List<String> prefixes = new ArrayList<>();
    Position next = request.from();
    Map.Entry<String, T> entry = find(index, request, next);
    while (entry != null) {
      if (entries.size() + prefixes.size() == request.most()) {
        return new Listing<>(entries, prefixes, Optional.of(next));
      }
      Optional<String> folded = fold(entry.getKey(), request);
      if (folded.isPresent()) {
        prefixes.add(folded.get());
        next = new Position(folded.get(), Position.Kind.AFTER_PREFIX);
      } else {
        entries.add(entry.getValue());
        next = new Position(entry.getKey(), Position.Kind.AFTER_KEY);
      }
      entry = find(index, request, next);
    }
    return new Listing<>(entries, prefixes, Optional.empty());
  }

  private static <T> Map.@Nullable Entry<String, T> find(
      NavigableMap<String, T> index, Request request, Position from) {
    Optional<String> first = from.inclusive();
    if (first.isEmpty()) {
      return null;
    }
    String start =
        KeyOrder.INSTANCE.compare(first.get(), request.prefix()) < 0
            ? request.prefix()
            : first.get();
    Map.Entry<String, T> entry = index.ceilingEntry(start);
    return entry != null && entry.getKey().startsWith(request.prefix()) ? entry : null;
  }

  private static Optional<String> fold(String key, Request request) {
    if (request.delimiter().isEmpty()) {
      return Optional.empty();
    }
    int at = key.indexOf(request.delimiter(), request.prefix().length());
    return at < 0
        ? Optional.empty()
        : Optional.of(key.substring(0, at + request.delimiter().length()));
  }
}
