package io.ossmount.emulator.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Pages of a listing against a model that looks at every key. */
class ListingProperties {
  private static final Comparator<String> BY_BYTES =
      (left, right) ->
          Arrays.compareUnsigned(
              left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));

  /** Few characters, so that keys share prefixes; the last ones are where orders differ. */
  @Provide
  Arbitrary<String> keys() {
    return Arbitraries.of(
            "a", "b", "/", "//", "\0", "\uD7FF", "\uE000", "\uFFFF", "😀", "\uDBFF\uDFFF")
        .list()
        .ofMaxSize(5)
        .map(pieces -> String.join("", pieces));
  }

  @Provide
  Arbitrary<Set<String>> keySets() {
    return keys().filter(key -> !key.isEmpty()).set().ofMaxSize(30);
  }

  @Property
  void theOrderIsThatOfTheBytes(@ForAll("keys") String left, @ForAll("keys") String right) {
    assertThat(Integer.signum(KeyOrder.INSTANCE.compare(left, right)))
        .isEqualTo(Integer.signum(BY_BYTES.compare(left, right)));
  }

  @Property
  void pagesTogetherAreWhatTheModelLists(
      @ForAll("keySets") Set<String> keys,
      @ForAll("keys") String prefix,
      @ForAll boolean isDelimited,
      @ForAll @IntRange(min = 1, max = 7) int most) {
    String delimiter = isDelimited ? "/" : "";
    NavigableMap<String, String> index = new TreeMap<>(KeyOrder.INSTANCE);
    keys.forEach(key -> index.put(key, key));
    List<String> found = new ArrayList<>();
    Position from = Position.START;
    for (int pages = 0; pages <= keys.size(); pages++) {
      Listing<String> page = Listing.of(index, new Listing.Request(prefix, delimiter, from, most));
      assertThat(page.entries().size() + page.prefixes().size()).isLessThanOrEqualTo(most);
      List<String> names = new ArrayList<>(page.entries());
      names.addAll(page.prefixes());
      names.sort(BY_BYTES);
      found.addAll(names);
      if (page.next().isEmpty()) {
        assertThat(found).containsExactlyElementsOf(model(keys, prefix, delimiter));
        return;
      }
      from = page.next().get();
    }
    throw new AssertionError("more pages than keys");
  }

  private static Set<String> model(Set<String> keys, String prefix, String delimiter) {
    Set<String> names = new LinkedHashSet<>();
    for (String key : keys.stream().sorted(BY_BYTES).toList()) {
      if (key.startsWith(prefix)) {
        int at = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
        names.add(at < 0 ? key : key.substring(0, at + 1));
      }
    }
    return names;
  }
}
