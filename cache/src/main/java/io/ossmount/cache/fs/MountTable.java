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

  /** What a name of a directory stands for. */
  sealed interface Branch {
    /** The root of another tree; what the bucket has under the name is hidden. */
    record Mount(MountTree tree) implements Branch {}

    /** A directory in which there is one, somewhere: it is there also if the bucket has it not. */
    record Way() implements Branch {}
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
   * Puts trees where they belong; a path that leads into another one of them goes on in that.
   *
   * @param root whose directory the paths begin in
   * @param byPath names with "/" between them
   */
  static MountTable of(MountTree root, Map<String, MountTree> byPath) {
    Map<Place, Map<String, Branch>> made = new HashMap<>();
    // The shorter ones first: the longer ones may lead through them.
    byPath.entrySet().stream()
        .sorted(Comparator.comparingInt(entry -> entry.getKey().length()))
        .forEach(entry -> put(made, root, entry.getKey(), entry.getValue()));
    return new MountTable(made);
  }

  private static void put(
      Map<Place, Map<String, Branch>> made, MountTree root, String path, MountTree tree) {
    Place place = new Place(root, root.options().prefix());
    int slash = path.lastIndexOf('/');
    for (String name : slash < 0 ? new String[0] : path.substring(0, slash).split("/")) {
      Branch branch =
          made.computeIfAbsent(place, at -> new HashMap<>())
              .computeIfAbsent(name, at -> new Branch.Way());
      place = follow(place, name, branch);
    }
    made.computeIfAbsent(place, at -> new HashMap<>())
        .put(path.substring(slash + 1), new Branch.Mount(tree));
  }

  private static Place follow(Place place, String name, Branch branch) {
    return switch (branch) {
      case Branch.Mount(MountTree tree) -> new Place(tree, tree.options().prefix());
      case Branch.Way _ -> new Place(place.tree, place.directory + name + "/");
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
   */
  Place find(MountTree root, String directory) {
    Place place = new Place(root, root.options().prefix());
    for (String name : directory.isEmpty() ? new String[0] : directory.split("/")) {
      Branch branch = in(place.tree, place.directory).get(name);
      place = follow(place, name, branch == null ? new Branch.Way() : branch);
    }
    return place;
  }

  /** The directory that the root of a tree is in; empty: it is not mounted in another one. */
  Optional<Place> above(MountTree tree) {
    return Optional.ofNullable(above.get(tree));
  }

  /** Path of a tree's root below the mount's: "" or ending with "/". */
  String path(MountTree tree) {
    Place place = above.get(tree);
    if (place == null) {
      return "";
    }
    String name =
        in(place.tree, place.directory).entrySet().stream()
            .filter(entry -> entry.getValue().equals(new Branch.Mount(tree)))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse("");
    String below = place.directory.substring(place.tree.options().prefix().length());
    return path(place.tree) + below + name + "/";
  }

  /** Where a name of a directory leads, if it is for the mount to say. */
  Optional<Place> follow(Place place, String name) {
    return Optional.ofNullable(in(place.tree, place.directory).get(name))
        .map(branch -> follow(place, name, branch));
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
