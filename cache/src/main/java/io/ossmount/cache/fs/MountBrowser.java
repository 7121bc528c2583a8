package io.ossmount.cache.fs;

import io.ossmount.cache.control.Directories;
import io.ossmount.cache.fs.DirectoryStream.Line;
import io.ossmount.cache.fs.DirectoryStream.Position;
import io.ossmount.cache.fs.MountTable.Place;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore.ListPage;
import io.ossmount.cache.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Shows the mount's directories to who looks at them from outside: names as sessions show them, and
 * what of the files is cached. Thread-safe.
 *
 * <p>Problem: the cache knows versions, not directories, and a directory may have millions of
 * files. Solution: of each of the first {@value #MOST_COUNTED} directories of a page, one LIST
 * tells the first {@value #MOST_FILES} files below it, and what the cache has of them is summed.
 * Cost: what lies behind that is not counted, and the entry says so.
 */
final class MountBrowser implements Directories {
  private static final int MOST_COUNTED = 64;
  private static final int MOST_FILES = 1000;
  private static final int PARALLEL_LISTS = 16;
  private static final int MOST_SEGMENTS = 1023;

  private final MountTree root;

  /**
   * Shows a mount.
   *
   * @param root its own tree
   */
  MountBrowser(MountTree root) {
    this.root = root;
  }

  @Override
  public Optional<Page> list(String path, String pageToken, int pageSize) {
    PageToken token = PageToken.parse(pageToken);
    MountTable mounts = root.shared().mounts();
    return place(mounts, path).flatMap(place -> page(mounts, place, token, pageSize));
  }

  private static Optional<Page> page(MountTable mounts, Place place, PageToken token, int size) {
    DirectoryStream stream = new DirectoryStream(place.tree(), place.directory(), token.position());
    List<Line> lines = new ArrayList<>();
    long number = token.number();
    List<Line> more = stream.lines(number);
    while (!more.isEmpty() && lines.size() < size) {
      List<Line> taken = more.subList(0, Math.min(more.size(), size - lines.size()));
      lines.addAll(taken);
      number += taken.size();
      more = stream.lines(number);
    }
    if (lines.isEmpty() && number == 0 && !isThere(mounts, place)) {
      return Optional.empty();
    }
    String next = "";
    if (!more.isEmpty()) {
      boolean _ = stream.reached(number);
      next = new PageToken(number, stream.position()).toString();
    }
    return Optional.of(new Page(entries(mounts, place, lines), next));
  }

  private static boolean isThere(MountTable mounts, Place place) {
    MountTree tree = place.tree();
    String key = place.directory();
    return mounts.holds(place)
        || key.equals(tree.options().prefix())
        || tree.peek(key).isPresent()
        || tree.remote().isDirectory(key);
  }

  /** The directory that a path names; empty: none can have this name. */
  private Optional<Place> place(MountTable mounts, String path) {
    Place place = new Place(root, root.options().prefix());
    if (path.isEmpty()) {
      return Optional.of(place);
    }
    String[] names = path.split("/", -1);
    if (names.length > MOST_SEGMENTS) {
      return Optional.empty();
    }
    for (String name : names) {
      Place at = place;
      if (mounts.isMissing(at, name)) {
        return Optional.empty();
      }
      Optional<Place> next =
          mounts.follow(at, name).or(() -> child(at, name).map(key -> new Place(at.tree(), key)));
      if (next.isEmpty()) {
        return next;
      }
      place = next.get();
    }
    return Optional.of(place);
  }

  private static Optional<String> child(Place place, String name) {
    return switch (Names.parse(name)) {
      case Names.Wanted.Plain(String segment) ->
          Optional.of(place.directory() + segment + "/")
              .filter(key -> Keys.bytes(key) <= Keys.MAX_BYTES);
      case Names.Wanted.Hashed _ -> search(place, name);
      case Names.Wanted.Shadowed _, Names.Wanted.Nothing _ -> Optional.empty();
    };
  }

  /** Only OSS knows the segment of a name that is cut off. */
  private static Optional<String> search(Place place, String name) {
    DirectoryInode inode = place.tree().directory(place.directory());
    try {
      Inode found = place.tree().lookups().find(inode, name).inode();
      if (found == null) {
        return Optional.empty();
      }
      String key = found.key();
      found.release();
      return Optional.of(key).filter(Keys::isDirectory);
    } finally {
      inode.release();
    }
  }

  private static List<Entry> entries(MountTable mounts, Place place, List<Line> lines) {
    Semaphore permits = new Semaphore(PARALLEL_LISTS);
    int counted = 0;
    List<Future<Entry>> directories = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Line line : lines) {
        if (Keys.isDirectory(line.key()) && counted++ < MOST_COUNTED) {
          directories.add(threads.submit(permitted(permits, () -> counted(mounts, place, line))));
        }
      }
    }
    List<Entry> entries = new ArrayList<>(lines.size());
    int next = 0;
    for (Line line : lines) {
      if (!Keys.isDirectory(line.key())) {
        entries.add(file(place.tree(), line));
      } else if (next < directories.size()) {
        entries.add(get(directories.get(next++)));
      } else {
        entries.add(directory(line, 0, 0, Counted.NOT));
      }
    }
    return entries;
  }

  private static Callable<Entry> permitted(Semaphore permits, Callable<Entry> work) {
    return () -> {
      permits.acquire();
      try {
        return work.call();
      } finally {
        permits.release();
      }
    };
  }

  private static Entry get(Future<Entry> ended) {
    try {
      return ended.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException.Interrupted("listing a directory");
    }
  }

  private static Entry counted(MountTable mounts, Place parent, Line line) {
    if (mounts.isMissing(parent, line.name())) {
      return directory(line, 0, 0, Counted.NOT);
    }
    Place place = mounts.follow(parent, line.name()).orElse(new Place(parent.tree(), line.key()));
    MountTree tree = place.tree();
    ListPage below;
    try {
      below = tree.store().list(place.directory(), false, Optional.empty(), MOST_FILES);
    } catch (StoreException e) {
      return directory(line, 0, 0, Counted.NOT);
    }
    long size = 0;
    long cached = 0;
    for (ObjectInfo object : below.objects()) {
      size += object.size();
      cached += tree.blocks().cachedBytes(object.version());
    }
    boolean isWhole = below.continuation().isEmpty();
    return directory(line, size, cached, isWhole ? Counted.WHOLE : Counted.AT_LEAST);
  }

  private static Entry directory(Line line, long size, long cached, Counted counted) {
    return new Entry(line.name(), true, size, cached, Optional.empty(), false, counted);
  }

  private static Entry file(MountTree tree, Line line) {
    Optional<FileInode> local = tree.peekFile(line.key()).filter(FileInode::isLocal);
    if (local.isPresent()) {
      long size = local.get().size();
      // It lies on this node's disk as long as it is nowhere else.
      return new Entry(line.name(), false, size, size, Optional.empty(), true, Counted.WHOLE);
    }
    long size = line.object().map(ObjectInfo::size).orElse(0L);
    long cached =
        line.object().map(object -> tree.blocks().cachedBytes(object.version())).orElse(0L);
    return new Entry(
        line.name(),
        false,
        size,
        cached,
        line.object()
            .map(object ->
                tree.metadata().posix(object).flatMap(Posix::modified).orElse(object.modified())),
        false,
        Counted.WHOLE);
  }

  /**
   * Where a page begins.
   *
   * @param number of its first entry
   * @param position from which a stream can go on to there
   */
  private record PageToken(long number, Position position) {
    /** Between the fields; the token of OSS, whatever it is, comes last but for the key. */
    private static final String SEPARATOR = "\n";

    private static final int FIELDS = 4;

    static PageToken parse(String text) {
      if (text.isEmpty()) {
        return new PageToken(0, Position.BEGINNING);
      }
      String[] fields = text.split(SEPARATOR, FIELDS);
      if (fields.length != FIELDS) {
        throw new IllegalArgumentException("not a page token");
      }
      long number = Long.parseLong(fields[0]);
      long start = Long.parseLong(fields[1]);
      if (start < 0 || number < start) {
        throw new IllegalArgumentException("not a page token");
      }
      return new PageToken(
          number,
          new Position(start, fields[3], Optional.of(fields[2]).filter(token -> !token.isEmpty())));
    }

    @Override
    public String toString() {
      return String.join(
          SEPARATOR,
          Long.toString(number),
          Long.toString(position.number()),
          position.token().orElse(""),
          position.after());
    }
  }
}
