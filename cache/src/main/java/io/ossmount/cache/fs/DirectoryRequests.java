package io.ossmount.cache.fs;

import io.ossmount.cache.fs.DirectoryStream.Line;
import io.ossmount.cache.fs.MetadataCache.Known;
import io.ossmount.cache.fs.MountTable.Branch;
import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.Caller;
import io.ossmount.fuse.DirectoryEntries;
import io.ossmount.fuse.Done;
import io.ossmount.fuse.Entry;
import io.ossmount.fuse.Opened;
import io.ossmount.fuse.Outcome;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A session's requests about directories. Thread-safe. */
final class DirectoryRequests {
  /** "." and ".." come first; the entry of number n asks for the next by n + 3. */
  private static final int DOTS = 2;

  private final SessionContext context;

  DirectoryRequests(SessionContext context) {
    this.context = context;
  }

  Outcome<Opened> opendir(Caller caller, long id) {
    DirectoryInode directory = context.directory(id);
    PathNames.requireThere(directory);
    MountTree tree = directory.tree();
    context.handles().removeUntold(caller.attempt()).map(Handle::inode).ifPresent(Inode::release);
    var stream = new DirectoryStream(tree, directory.key());
    directory.retain();
    Handle open = new Handle.OfDirectory(directory, stream, context.nodes().node(id));
    long handle = context.handles().add(open, caller.attempt());
    Set<Opened.Option> options = EnumSet.of(Opened.Option.CACHE_DIR);
    boolean cached =
        context
            .nodes()
            .isCached(
                context.nodes().node(id),
                directory.generation(),
                tree.metadata().now(),
                tree.options().listTimeout().toNanos());
    if (cached) {
      options.add(Opened.Option.KEEP_CACHE);
    }
    return Outcome.of(new Opened(handle, options));
  }

  Outcome<Done> readdir(long handle, long offset, DirectoryEntries into) {
    Handle.OfDirectory open = context.handles().directory(handle);
    MountTree tree = open.inode().tree();
    if (offset == 0) {
      open.stream().rewind();
      tree.listings().opened(open.inode().key());
    }
    long number = Math.max(0, offset - DOTS);
    List<Line> now = open.stream().linesNow(number);
    if (now != null) {
      noteReached(handle, open, number);
      fill(open, offset, now, into);
      return Outcome.done();
    }
    return Outcome.later(() -> {
      List<Line> lines =
          tree.listings().read(open.inode().key(), () -> open.stream().lines(number));
      noteReached(handle, open, number);
      fill(open, offset, lines, into);
      return Done.DONE;
    });
  }

  /** The kernel may ask from here on once more, another process. */
  private void noteReached(long handle, Handle.OfDirectory open, long number) {
    if (open.stream().reached(number)) {
      context.handles().changed(handle, open);
    }
  }

  private void fill(Handle.OfDirectory open, long offset, List<Line> lines, DirectoryEntries into) {
    if (!dots(open.inode(), offset, into)) {
      return;
    }
    long number = Math.max(0, offset - DOTS);
    for (Line line : lines) {
      number++;
      if (!offer(open.inode(), line, number + DOTS, into)) {
        return;
      }
    }
  }

  private boolean dots(DirectoryInode directory, long offset, DirectoryEntries into) {
    int type = Attributes.DIRECTORY;
    boolean isRoot = context.nodes().node(io.ossmount.fuse.FileSystem.ROOT).inode() == directory;
    long parent = isRoot ? directory.number() : parentNumber(directory);
    return (offset > 0 || into.offer(".", directory.number(), type, 1))
        && (offset > 1 || into.offer("..", parent, type, 2));
  }

  private long parentNumber(DirectoryInode directory) {
    MountTree tree = directory.tree();
    if (!directory.key().equals(tree.options().prefix())) {
      return Keys.inodeNumber(tree.id(), Keys.parent(directory.key()));
    }
    return context
        .mount()
        .mounts()
        .above(tree)
        .map(place -> Keys.inodeNumber(place.tree().id(), place.directory()))
        .orElse(directory.number());
  }

  /** False: there is no room left. An entry that is gone by now is passed over. */
  private boolean offer(DirectoryInode directory, Line line, long offset, DirectoryEntries into) {
    MountTree tree = directory.tree();
    return switch (context.mount().mounts().in(directory).get(line.name())) {
      case null -> put(inode(tree, line), line, offset, into);
      case Branch.Mount(MountTree nested) -> put(nested.root(), line, offset, into);
      case Branch.Way _ -> put(tree.directory(line.key()), line, offset, into);
      // Who looks at it gets an error, but it can be seen that there is something.
      case Branch.Missing _ ->
          into.offer(
              line.name(), Keys.inodeNumber(tree.id(), line.key()), Attributes.DIRECTORY, offset);
    };
  }

  private boolean put(@Nullable Inode inode, Line line, long offset, DirectoryEntries into) {
    if (inode == null) {
      return true;
    }
    if (into.withAttributes()) {
      Entry entry = context.listed(inode, validity(inode, line));
      boolean taken = into.offer(line.name(), entry, offset);
      if (!taken) {
        context.nodes().forget(entry.node(), 1);
      }
      return taken;
    }
    int type = inode instanceof FileInode file ? file.type() : Attributes.DIRECTORY;
    try {
      return into.offer(line.name(), inode.number(), type, offset);
    } finally {
      inode.release();
    }
  }

  private static Duration validity(Inode inode, Line line) {
    MountTree tree = inode.tree();
    Duration age = Duration.ofNanos(tree.metadata().now() - line.asOf());
    Duration left = tree.options().attributeTimeout().minus(age);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** The entry as it is now: what changed here since it was listed counts. */
  private static @Nullable Inode inode(MountTree tree, Line line) {
    if (line.isMount() && !isThere(tree, line)) {
      return null;
    }
    boolean directory = Keys.isDirectory(line.key());
    String path = directory ? line.key().substring(0, line.key().length() - 1) : line.key();
    // First: an upload that ends now is known of before the file is not local any more.
    Optional<FileInode> local = tree.localFile(line.key());
    if (local.isPresent()) {
      return local.get();
    }
    Optional<Known> newer =
        tree.metadata().latest(path).filter(known -> known.asOf() >= line.asOf());
    if (directory) {
      boolean gone = newer.isPresent() && !newer.get().directory();
      return gone ? null : tree.directory(line.key());
    }
    return newer
        .map(Known::file)
        .orElse(line.object())
        .map(object -> tree.file(object, line.asOf()))
        .orElse(null);
  }

  /** Whether the bucket has a directory where a tree was when the directory was listed. */
  private static boolean isThere(MountTree tree, Line line) {
    String path = line.key().substring(0, line.key().length() - 1);
    return tree.metadata().latest(path).filter(Known::directory).isPresent();
  }

  Outcome<Done> releasedir(long handle) {
    context.handles().remove(handle).inode().release();
    return Outcome.done();
  }
}
