package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.fs.MountTable.Place;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** Which tree a path is in: that of the longest path of a mount which it begins with. */
final class MountTableProperties {
  private static final int MOST = 4;
  private static final Mounted MOUNTED = new Mounted();
  private static final List<MountTree> TREES = trees();

  private static List<MountTree> trees() {
    List<MountTree> trees = new ArrayList<>();
    for (int i = 0; i < MOST; i++) {
      trees.add(MOUNTED.graft("tree-" + i, new InMemoryObjectStore()));
    }
    return trees;
  }

  @AfterContainer
  static void close() {
    MOUNTED.close();
  }

  @Provide
  Arbitrary<String> path() {
    return Arbitraries.of("a", "b", "ab")
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(names -> String.join("/", names));
  }

  @Provide
  Arbitrary<Set<String>> mounts() {
    return path().set().ofMaxSize(MOST);
  }

  private static Map<String, MountTree> at(Set<String> paths) {
    Map<String, MountTree> byPath = new HashMap<>();
    paths.forEach(path -> byPath.put(path, TREES.get(byPath.size())));
    return byPath;
  }

  private static MountTable table(Map<String, MountTree> byPath) {
    Map<String, Optional<MountTree>> trees = new HashMap<>();
    byPath.forEach((path, tree) -> trees.put(path, Optional.of(tree)));
    return MountTable.of(MOUNTED.tree, trees);
  }

  private static boolean begins(String path, String with) {
    return path.equals(with) || path.startsWith(with + "/");
  }

  @Property(tries = 500)
  void aPathIsInTheTreeOfTheLongestMountThatItBeginsWith(
      @ForAll("mounts") Set<String> mounts, @ForAll("path") String path) {
    Map<String, MountTree> byPath = at(mounts);
    String longest = "";
    for (String mount : mounts) {
      longest = begins(path, mount) && mount.length() > longest.length() ? mount : longest;
    }
    String rest =
        path.equals(longest)
            ? ""
            : path.substring(longest.isEmpty() ? 0 : longest.length() + 1) + "/";

    Optional<Place> found = table(byPath).find(MOUNTED.tree, path + "/");

    MountTree tree = byPath.getOrDefault(longest, MOUNTED.tree);
    assertThat(found).contains(new Place(tree, rest));
  }

  @Property(tries = 500)
  void theWayToAMountIsThereAndNothingElse(
      @ForAll("mounts") Set<String> mounts, @ForAll("path") String path) {
    MountTable table = table(at(mounts));
    boolean isOnTheWay = mounts.stream().anyMatch(mount -> mount.startsWith(path + "/"));
    assertThat(table.holds(table.find(MOUNTED.tree, path + "/").orElseThrow()))
        .isEqualTo(isOnTheWay);
  }

  @Property(tries = 500)
  void whatIsInAMissingOneIsNowhereAndAllElseIsWhereItWas(
      @ForAll("mounts") Set<String> mounts,
      @ForAll("path") String missing,
      @ForAll("path") String path) {
    Map<String, MountTree> byPath = at(mounts);
    byPath.remove(missing);
    Map<String, Optional<MountTree>> trees = new HashMap<>();
    byPath.forEach((at, tree) -> trees.put(at, Optional.of(tree)));
    trees.put(missing, Optional.empty());

    Optional<Place> found = MountTable.of(MOUNTED.tree, trees).find(MOUNTED.tree, path + "/");

    Optional<Place> before = table(byPath).find(MOUNTED.tree, path + "/");
    assertThat(found).isEqualTo(begins(path, missing) ? Optional.empty() : before);
  }

  @Property(tries = 200)
  void anotherOrderMakesTheSameTable(@ForAll("mounts") Set<String> mounts) {
    Map<String, MountTree> byPath = at(mounts);
    assertThat(table(byPath).saysWhat(table(new HashMap<>(byPath)))).isTrue();
    assertThat(table(byPath).trees()).containsExactlyInAnyOrderElementsOf(byPath.values());
  }
}
