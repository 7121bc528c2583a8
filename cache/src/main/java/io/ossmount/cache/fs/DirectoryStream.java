package io.ossmount.cache.fs;

import io.ossmount.cache.fs.MetadataCache.Children;
import io.ossmount.cache.fs.MountTable.Branch;
import io.ossmount.cache.fs.RemoteNames.Page;
import io.ossmount.cache.store.ObjectInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The entries of an open directory, page by page: those of OSS and the new files that are only
 * here. Each has a number from 0 on that stays while the directory is open. Thread-safe.
 *
 * <p>Memory: the page that is read and, for a directory that may be kept whole, its keys; of other
 * pages only where they begin. A program that goes back has its page listed again.
 */
final class DirectoryStream {
  private static final int PARALLEL_HEADS = 16;

  private final MountTree tree;
  private final String prefix;
  private final List<Start> starts = new ArrayList<>();
  private @Nullable NavigableMap<String, Optional<ObjectInfo>> whole;
  private @Nullable Loaded loaded;
  private long generation;
  private Position position = Position.BEGINNING;

  /**
   * Where a page begins.
   *
   * @param number of its first entry
   * @param after last key before it
   * @param carried objects of the page before of which it was not known yet whether a directory
   *     hides them: between {@code a} and {@code a/} lie keys such as {@code a-b}
   */
  private record Start(
      long number,
      String after,
      Optional<String> token,
      NavigableMap<String, Optional<ObjectInfo>> carried) {
    static Start first() {
      return new Start(0, "", Optional.empty(), new TreeMap<>(Keys.ORDER));
    }
  }

  /** A page in memory. */
  private record Loaded(int page, long first, List<Line> lines, boolean last) {}

  /**
   * An entry.
   *
   * @param key a file's or a directory's
   * @param object what OSS tells of a file; empty for directories and new files
   * @param asOf when it told that
   * @param isMount whether a mount needs the name, whatever OSS has
   */
  record Line(String name, String key, Optional<ObjectInfo> object, long asOf, boolean isMount) {}

  /**
   * From where another process can go on.
   *
   * @param number of the first entry there
   * @param after last key before it
   * @param token with which OSS goes on
   */
  record Position(long number, String after, Optional<String> token) {
    static final Position BEGINNING = new Position(0, "", Optional.empty());
  }

  DirectoryStream(MountTree tree, String prefix) {
    this(tree, prefix, Position.BEGINNING);
  }

  /** Goes on where the stream of another process was. */
  DirectoryStream(MountTree tree, String prefix, Position position) {
    this.tree = tree;
    this.prefix = prefix;
    this.position = position;
    if (position.number > 0) {
      starts.add(
          new Start(position.number, position.after, position.token, new TreeMap<>(Keys.ORDER)));
    }
  }

  /** The last one that {@link #reached} told of. */
  synchronized Position position() {
    return position;
  }

  /** Notes that the entry of a number was asked for; whether another position is there to keep. */
  synchronized boolean reached(long number) {
    Position now = Position.BEGINNING;
    // The last ones first: who reads on is there.
    for (Start start : starts.reversed()) {
      if (start.number <= number && start.carried.isEmpty()) {
        now = new Position(start.number, start.after, start.token);
        break;
      }
    }
    boolean isOther = now.number != position.number;
    position = now;
    return isOther;
  }

  /** Begins anew: changes since then are seen. */
  synchronized void rewind() {
    starts.clear();
    loaded = null;
    whole = null;
  }

  /**
   * The entries from {@code number} to the end of their page, if they are in memory or known.
   *
   * @return null: they have to be waited for
   */
  synchronized @Nullable List<Line> linesNow(long number) {
    if (loaded == null && starts.isEmpty()) {
      List<FileInode> newBefore = tree.newFiles(prefix, "", Optional.empty());
      tree.metadata().freshListing(prefix).ifPresent(known -> loadKnown(known, newBefore));
    }
    Loaded page = loaded;
    if (page == null || number < page.first) {
      return null;
    }
    long end = page.first + page.lines.size();
    if (number < end) {
      return page.lines.subList((int) (number - page.first), page.lines.size());
    }
    return page.last ? List.of() : null;
  }

  /** The same, and waits. Empty: there are no more. */
  synchronized List<Line> lines(long number) {
    while (true) {
      List<Line> now = linesNow(number);
      if (now != null) {
        return now;
      }
      load(number);
    }
  }

  /** Reads all of it, so that it is kept; stops when it is too long for that. */
  synchronized void readWhole() {
    long number = 0;
    for (List<Line> more = lines(0);
        !more.isEmpty();
        more = whole == null ? List.of() : lines(number)) {
      number += more.size();
    }
  }

  private void loadKnown(Children known, List<FileInode> newBefore) {
    List<Line> lines = new ArrayList<>();
    NavigableMap<String, Optional<ObjectInfo>> children =
        withNew(known.byKey(), newBefore, "", Optional.empty());
    for (var child : children.entrySet()) {
      if (child.getValue().filter(this::isUnclear).isPresent()) {
        return;
      }
      lines.add(
          line(
              child.getKey(),
              child.getValue(),
              isShadowed(children, child.getKey()),
              known.asOf()));
    }
    starts.add(Start.first());
    loaded = new Loaded(0, 0, lines, true);
  }

  private void load(long number) {
    if (starts.isEmpty()) {
      starts.add(Start.first());
      whole = new TreeMap<>(Keys.ORDER);
      generation = tree.metadata().generation(prefix);
    }
    int page = starts.size() - 1;
    while (page > 0 && starts.get(page).number > number) {
      page--;
    }
    if (starts.get(page).number > number) {
      // Before where another process was: all anew.
      rewind();
      load(number);
      return;
    }
    Start start = starts.get(page);
    long asOf = tree.metadata().now();
    List<FileInode> newBefore = tree.newFiles(prefix, start.after, Optional.empty());
    Page answer = tree.remote().page(prefix, start.after, start.token);
    if (answer.marked()) {
      tree.peek(prefix)
          .filter(DirectoryInode.class::isInstance)
          .map(DirectoryInode.class::cast)
          .ifPresent(directory -> directory.setMarked(true));
    }
    askUnclear(answer);
    boolean last = answer.continuation().isEmpty();
    var children = withNew(answer.children(), newBefore, start.after, answer.last());
    children.putAll(start.carried);
    children.keySet().removeIf(this::isHidden);
    var carried = takeUndecided(children, answer.last());
    List<Line> lines = lines(children, asOf);
    loaded = new Loaded(page, start.number, lines, last);
    if (page == starts.size() - 1) {
      keep(answer, asOf);
      if (!last) {
        String after = answer.last().orElse(start.after);
        starts.add(new Start(start.number + lines.size(), after, answer.continuation(), carried));
      }
    }
  }

  /** Collects the pages; a listing that came without a change meanwhile is kept. */
  private void keep(Page answer, long asOf) {
    if (whole == null) {
      return;
    }
    whole.putAll(answer.children());
    if (whole.size() > MetadataCache.MAX_LISTING) {
      whole = null;
    } else if (answer.continuation().isEmpty()) {
      tree.metadata().learn(prefix, new Children(whole, asOf), generation);
      whole = null;
    }
  }

  private List<Line> lines(NavigableMap<String, Optional<ObjectInfo>> children, long asOf) {
    List<Line> lines = new ArrayList<>(children.size());
    for (var child : children.entrySet()) {
      boolean shadowed = isShadowed(children, child.getKey());
      lines.add(line(child.getKey(), child.getValue(), shadowed, asOf));
    }
    return lines;
  }

  /** Takes out the objects that a directory on a later page would hide. */
  private static NavigableMap<String, Optional<ObjectInfo>> takeUndecided(
      NavigableMap<String, Optional<ObjectInfo>> children, Optional<String> last) {
    NavigableMap<String, Optional<ObjectInfo>> undecided = new TreeMap<>(Keys.ORDER);
    last.ifPresent(end -> {
      for (int length = end.length(); length > 0; length--) {
        String key = end.substring(0, length);
        Optional<ObjectInfo> object = children.getOrDefault(key, Optional.empty());
        if (object.isPresent() && Keys.ORDER.compare(end, key + "/") < 0) {
          undecided.put(key, object);
          children.remove(key);
        }
      }
    });
    return undecided;
  }

  /** One that was new when OSS was asked, and went up after its answer, is in neither. */
  private NavigableMap<String, Optional<ObjectInfo>> withNew(
      NavigableMap<String, Optional<ObjectInfo>> listed,
      List<FileInode> newBefore,
      String after,
      Optional<String> last) {
    NavigableMap<String, Optional<ObjectInfo>> children = new TreeMap<>(Keys.ORDER);
    children.putAll(listed);
    Stream.concat(newBefore.stream(), tree.newFiles(prefix, after, last).stream())
        .filter(file -> !file.isDetached())
        .map(Inode::key)
        .filter(key -> Keys.isChild(key, prefix, after, last))
        .forEach(key -> children.putIfAbsent(key, Optional.empty()));
    tree.shared().mounts().in(tree, prefix).keySet().stream()
        .map(name -> prefix + name + "/")
        .filter(key -> Keys.isChild(key, prefix, after, last))
        .forEach(key -> children.put(key, Optional.empty()));
    children.keySet().removeIf(this::isHidden);
    return children;
  }

  /** Whether a mount needs the name of a file, which is not seen then. */
  private boolean isHidden(String key) {
    return !Keys.isDirectory(key) && isMount(key);
  }

  private boolean isMount(String key) {
    Map<String, Branch> mounts = tree.shared().mounts().in(tree, prefix);
    return !mounts.isEmpty() && mounts.containsKey(Keys.segment(key));
  }

  private Line line(String key, Optional<ObjectInfo> object, boolean shadowed, long asOf) {
    String segment = Keys.segment(key);
    String name = shadowed ? Names.showShadowed(segment) : Names.show(segment);
    return new Line(name, key, object, asOf, Keys.isDirectory(key) && isMount(key));
  }

  private static boolean isShadowed(
      NavigableMap<String, Optional<ObjectInfo>> children, String key) {
    return !Keys.isDirectory(key) && children.containsKey(key + "/");
  }

  private boolean isUnclear(ObjectInfo object) {
    return Symlinks.isCandidate(object) && tree.metadata().posix(object).isEmpty();
  }

  /** Asks for the few objects that may be links. */
  private void askUnclear(Page answer) {
    List<ObjectInfo> unclear =
        answer.children().values().stream()
            .flatMap(Optional::stream)
            .filter(this::isUnclear)
            .toList();
    for (int at = 0; at < unclear.size(); at += PARALLEL_HEADS) {
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        unclear.subList(at, Math.min(unclear.size(), at + PARALLEL_HEADS)).stream()
            .map(object ->
                CompletableFuture.supplyAsync(() -> tree.remote().head(object.key()), threads))
            .toList()
            .forEach(head -> head.exceptionally(failure -> Optional.empty()).join());
      }
    }
  }
}
