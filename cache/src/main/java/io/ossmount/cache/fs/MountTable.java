package io.ossmount.cache.fs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which trees of a mount are where: for each directory that holds one, or lies on the way to one,
 * what has a name there whatever the bucket says. Immutable; asking costs the same however many
 * there are.
 */
final class MountTable {
  /** A mount without nested ones. */
  static final MountTable EMPTY = new MountTable(Map.of());

  private final Map<Place, Map<String, Branch>> byPlace;
  private final Map<MountTree, Map<String, Map<String, Branch>>> byTree = new HashMap<>();
  private final Map<MountTree, Place> above = new HashMap<>();

  /** A directory of a tree. */
  record Place(MountTree tree, String directory) {}

  /** A name of a tree. */
  record Name(MountTree tree, String key) {}

  /** What a name of a directory stands for. */
  sealed interface Branch {
    /** The root of another tree; what the bucket has under the name is hidden. */
    record Mount(MountTree tree) implements Branch {}

    /** A directory in which there is one, somewhere: it is there also if the bucket has it not. */
    record Way() implements Branch {}

    /** A tree that is not there yet; what the bucket has under the name is hidden all the same. */
    record Missing() implements Branch {}
  }

  private MountTable(Map<Place, Map<String, Branch>> byPlace) {
    this.byPlace = byPlace;
    byPlace.forEach((place, branches) -> {
      byTree
          .computeIfAbsent(place.tree, tree -> new HashMap<>())
          .put(place.directory, Map.copyOf(branches));
      for (Branch branch : branches.values()) {
        if (branch instanceof Branch.Mount(MountTree tree)) {
          above.put(tree, place);
        }
      }
    });
  }

  /**
   * Puts trees where they belong; a path that leads into another one of them goes on in that, and
   * is nowhere while that is missing.
   *
   * @param root whose directory the paths begin in
   * @param byPath names with "/" between them; empty: the tree is missing
   */
  static MountTable of(MountTree root, Map<String, Optional<MountTree>> byPath) {
    Map<Place, Map<String, Branch>> made = new HashMap<>();
    // The shorter ones first: the longer ones may lead through them.
    byPath.entrySet().stream()
        .sorted(Comparator.comparingInt(entry -> entry.getKey().length()))
        .forEach(entry -> put(made, root, entry.getKey(), branch(entry.getValue())));
    return new MountTable(made);
  }

  private static Branch branch(Optional<MountTree> tree) {
    return tree.<Branch>map(Branch.Mount::new).orElseGet(Branch.Missing::new);
  }

  private static void put(
      Map<Place, Map<String, Branch>> made, MountTree root, String path, Branch end) {
    Place place = new Place(root, root.options().prefix());
    int slash = path.lastIndexOf('/');
    for (String name : slash < 0 ? new String[0] : path.substring(0, slash).split("/")) {
      Branch branch =
          made.computeIfAbsent(place, at -> new HashMap<>())
              .computeIfAbsent(name, at -> new Branch.Way());
      Optional<Place> next = follow(place, name, branch);
      if (next.isEmpty()) {
        return;
      }
      place = next.get();
    }
    made.computeIfAbsent(place, at -> new HashMap<>()).put(path.substring(slash + 1), end);
  }

  /** Empty: there is nothing to go on in. */
  private static Optional<Place> follow(Place place, String name, Branch branch) {
    return switch (branch) {
      case Branch.Mount(MountTree tree) -> Optional.of(new Place(tree, tree.options().prefix()));
      case Branch.Way _ -> Optional.of(new Place(place.tree, place.directory + name + "/"));
      case Branch.Missing _ -> Optional.empty();
    };
  }

  /** What names of a directory stand for that the bucket has no say in; most have none. */
  Map<String, Branch> in(MountTree tree, String directory) {
    return byTree.isEmpty()
        ? Map.of()
        : byTree.getOrDefault(tree, Map.of()).getOrDefault(directory, Map.of());
  }

  /** The same of a directory in use. */
  Map<String, Branch> in(DirectoryInode directory) {
    return in(directory.tree(), directory.key());
  }

  /** Whether a directory is there whatever the bucket says. */
  boolean holds(Place place) {
    return byPlace.containsKey(place);
  }

  /**
   * Where a directory of the mount is.
   *
   * @param directory below the mount's root: "" or ending with "/"
   * @return empty: in a tree that is missing
   */
  Optional<Place> find(MountTree root, String directory) {
    Place place = new Place(root, root.options().prefix());
    for (String name : directory.isEmpty() ? new String[0] : directory.split("/")) {
      Branch branch = in(place.tree, place.directory).get(name);
      Optional<Place> next = follow(place, name, branch == null ? new Branch.Way() : branch);
      if (next.isEmpty()) {
        return next;
      }
      place = next.get();
    }
    return Optional.of(place);
  }

  /** The directory that the root of a tree is in; empty: it is not mounted in another one. */
  Optional<Place> above(MountTree tree) {
    return Optional.ofNullable(above.get(tree));
  }

  /** The name that the root of a tree has in another one, and hides there; empty: it has none. */
  Optional<Name> hidden(MountTree tree) {
    return above(tree)
        .flatMap(place ->
            in(place.tree, place.directory).entrySet().stream()
                .filter(entry -> entry.getValue().equals(new Branch.Mount(tree)))
                .map(entry -> new Name(place.tree, place.directory + entry.getKey()))
                .findFirst());
  }

  /** Path of a tree's root below the mount's: "" or ending with "/". */
  String path(MountTree tree) {
    return hidden(tree)
        .map(name -> {
          int prefix = name.tree.options().prefix().length();
          return path(name.tree) + name.key.substring(prefix) + "/";
        })
        .orElse("");
  }

  /** Where a name of a directory leads, if it is for the mount to say. */
  Optional<Place> follow(Place place, String name) {
    return Optional.ofNullable(in(place.tree, place.directory).get(name))
        .flatMap(branch -> follow(place, name, branch));
  }

  /** Whether a name of a directory stands for a tree that is not there yet. */
  boolean isMissing(Place place, String name) {
    return in(place.tree, place.directory).get(name) instanceof Branch.Missing;
  }

  /** The nested trees. */
  Set<MountTree> trees() {
    return above.keySet();
  }

  /** The directories in use whose names stand for something else than in another table. */
  List<DirectoryInode> differences(MountTable other) {
    Set<Place> places = new HashSet<>(byPlace.keySet());
    places.addAll(other.byPlace.keySet());
    List<DirectoryInode> different = new ArrayList<>();
    for (Place place : places) {
      if (!in(place.tree, place.directory).equals(other.in(place.tree, place.directory))) {
        inUse(place).forEach(different::add);
      }
    }
    return different;
  }

  private static Stream<DirectoryInode> inUse(Place place) {
    return place.tree.peek(place.directory).stream()
        .filter(DirectoryInode.class::isInstance)
        .map(DirectoryInode.class::cast);
  }

  /** Whether another table says the same. */
  boolean saysWhat(MountTable other) {
    return byPlace.equals(other.byPlace);
  }
}
