package io.ossmount.cache.fs;

import io.ossmount.cache.fs.Lookups.Found;
import io.ossmount.fuse.Attempt;
import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.Caller;
import io.ossmount.fuse.Done;
import io.ossmount.fuse.Entry;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.Outcome;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A session's requests about names. Thread-safe. */
final class NameRequests {
  private static final int RENAME_NOREPLACE = 1;

  private final SessionContext context;
  private final PathNames names;

  NameRequests(SessionContext context) {
    this.context = context;
    this.names = new PathNames(context.mount());
  }

  Outcome<Entry> lookup(long parent, String name) {
    DirectoryInode directory = context.directory(parent);
    if (Keys.bytes(name) > Names.MAX_BYTES) {
      throw new FuseException(Errno.ENAMETOOLONG);
    }
    if (directory.isDetached()) {
      throw new FuseException(Errno.ENOENT);
    }
    Optional<Found> now = names.findNow(directory, name);
    return now.isPresent()
        ? Outcome.of(entry(now.get()))
        : Outcome.later(() -> entry(names.find(directory, name)));
  }

  private Entry entry(Found found) {
    return found.inode() == null
        ? Entry.negative(found.validity())
        : context.entry(found.inode(), found.validity());
  }

  /** Who makes something owns it. */
  static Posix owned(Caller caller, int mode) {
    return Posix.NOTHING.withMode(mode).withUid(caller.uid()).withGid(caller.gid());
  }

  Outcome<Entry> mkdir(Caller caller, long parent, String name, int mode) {
    DirectoryInode directory = context.directory(parent);
    String segment = newSegment(directory, name);
    return Outcome.later(() -> {
      Posix posix = owned(caller, Attributes.DIRECTORY | (mode & 07777));
      DirectoryInode made =
          directory.tree().changes().mkdir(directory, segment, posix, caller.attempt());
      context.namesChanged();
      return context.entry(made);
    });
  }

  /** The segment of a name that is to be made, and is nothing yet as far as mounts go. */
  String newSegment(DirectoryInode directory, String name) {
    String segment = newSegment(name);
    names.requireFree(directory, name);
    return segment;
  }

  /** The segment of a name that is to be made; only those that stand for themselves, or "%". */
  private static String newSegment(String name) {
    if (Keys.bytes(name) > Names.MAX_BYTES) {
      throw new FuseException(Errno.ENAMETOOLONG);
    }
    if (Names.parse(name) instanceof Names.Wanted.Plain(String segment) && !segment.isEmpty()) {
      return segment;
    }
    throw new FuseException(Errno.EINVAL);
  }

  Outcome<Entry> symlink(Caller caller, long parent, String name, String target) {
    DirectoryInode directory = context.directory(parent);
    String segment = newSegment(directory, name);
    return Outcome.later(() -> {
      Posix posix = owned(caller, Attributes.SYMLINK | 0777);
      FileInode made =
          directory.tree().changes().symlink(directory, segment, target, posix, caller.attempt());
      context.namesChanged();
      return context.entry(made);
    });
  }

  Outcome<String> readlink(long node) {
    FileInode file = context.file(node);
    if (file.type() != Attributes.SYMLINK) {
      throw new FuseException(Errno.EINVAL);
    }
    return Outcome.later(() -> target(file));
  }

  private static String target(FileInode file) {
    FileOpens opens = file.tree().opens();
    opens.open(file, false);
    try {
      MemorySegment bytes = MemorySegment.ofArray(new byte[Symlinks.MAX_TARGET_BYTES]);
      int length = file.tree().reads().read(file, 0, bytes);
      byte[] target = bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
      return new String(target, StandardCharsets.UTF_8);
    } finally {
      opens.release(file, false);
    }
  }

  Outcome<Done> unlink(Caller caller, long parent, String name) {
    DirectoryInode directory = context.directory(parent);
    Attempt attempt = caller.attempt();
    return later(
        directory,
        name,
        inode -> {
          if (!(inode instanceof FileInode file)) {
            throw new FuseException(Errno.EISDIR);
          }
          directory.tree().changes().unlink(directory, file, attempt);
        },
        () -> isGone(attempt, directory, name, ""));
  }

  Outcome<Done> rmdir(Caller caller, long parent, String name) {
    DirectoryInode directory = context.directory(parent);
    Attempt attempt = caller.attempt();
    return later(
        directory,
        name,
        inode -> {
          if (!(inode instanceof DirectoryInode removed)) {
            throw new FuseException(Errno.ENOTDIR);
          }
          directory.tree().changes().rmdir(directory, removed, attempt);
        },
        () -> isGone(attempt, directory, name, "/"));
  }

  /** Whether what has no name any more was removed by an earlier server, for the same request. */
  private static boolean isGone(
      Attempt attempt, DirectoryInode directory, String name, String end) {
    if (attempt.noted().isEmpty()) {
      return false;
    }
    Names.segment(name)
        .ifPresent(segment ->
            directory.tree().changes().forgetRemoved(directory, directory.key() + segment + end));
    return true;
  }

  Outcome<Done> rename(
      Caller caller, long parent, String name, long newParent, String newName, int flags) {
    if ((flags & ~RENAME_NOREPLACE) != 0) {
      throw new FuseException(Errno.EINVAL);
    }
    DirectoryInode from = context.directory(parent);
    DirectoryInode to = context.directory(newParent);
    if (from.tree() != to.tree()) {
      throw new FuseException(Errno.EXDEV);
    }
    context.session().requireWritable(from);
    String segment = newSegment(newName);
    names.requireUnneeded(to, newName);
    MountTree tree = from.tree();
    Renames.Wanted wanted = new Renames.Wanted(to, segment, flags == RENAME_NOREPLACE);
    return later(
        from,
        name,
        inode -> {
          tree.renames().rename(inode, wanted, caller.attempt());
          from.childrenChanged(tree.now());
          to.childrenChanged(tree.now());
        },
        () -> isMoved(caller.attempt(), from, name, wanted));
  }

  /** Whether what has no name any more was renamed by an earlier server, for the same request. */
  private static boolean isMoved(
      Attempt attempt, DirectoryInode from, String name, Renames.Wanted wanted) {
    MountTree tree = from.tree();
    Optional<String> segment = Names.segment(name);
    boolean isMoved =
        attempt.noted().isPresent()
            && segment.isPresent()
            && tree.renames().end(from.key() + segment.get(), wanted, attempt);
    if (isMoved) {
      from.childrenChanged(tree.now());
      wanted.parent().childrenChanged(tree.now());
    }
    return isMoved;
  }

  /**
   * Does something to what has a name, and tells the other sessions.
   *
   * @param isDone whether it is done already, when nothing has this name
   */
  private Outcome<Done> later(
      DirectoryInode parent, String name, Consumer<Inode> work, BooleanSupplier isDone) {
    names.requireUnneeded(parent, name);
    return Outcome.later(() -> {
      Inode inode = names.find(parent, name).inode();
      try {
        if (inode != null) {
          work.accept(inode);
        } else if (!isDone.getAsBoolean()) {
          throw new FuseException(Errno.ENOENT);
        }
        return Done.DONE;
      } finally {
        if (inode != null) {
          inode.release();
        }
        context.namesChanged();
      }
    });
  }

  /** For a file that is made: nothing if it is there already. */
  Optional<FileInode> existing(DirectoryInode directory, String name) {
    return switch (names.find(directory, name).inode()) {
      case null -> Optional.empty();
      case FileInode file -> Optional.of(file);
      case DirectoryInode made -> {
        made.release();
        throw new FuseException(Errno.EISDIR);
      }
    };
  }
}
