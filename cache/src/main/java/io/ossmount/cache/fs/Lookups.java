package io.ossmount.cache.fs;

import io.ossmount.cache.fs.MetadataCache.Known;
import io.ossmount.cache.fs.RemoteNames.Page;
import io.ossmount.cache.store.ObjectInfo;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From names to inodes. Thread-safe. */
final class Lookups {
  private final MountTree tree;

  Lookups(MountTree tree) {
    this.tree = tree;
  }

  /**
   * What a name is.
   *
   * @param inode referenced for the caller; null: there is nothing with this name
   * @param validity how long that holds
   */
  record Found(@Nullable Inode inode, Duration validity) {}

  /** Answers if OSS need not be asked. */
  Optional<Found> findNow(DirectoryInode directory, String name) {
    return switch (Names.parse(name)) {
      case Names.Wanted.Nothing _ -> Optional.of(nothing());
      case Names.Wanted.Hashed _ -> Optional.empty();
      case Names.Wanted.Shadowed(String segment) ->
          fresh(directory, segment).map(known -> found(known, segment, directory, true));
      case Names.Wanted.Plain(String segment) when segment.isEmpty() -> Optional.empty();
      case Names.Wanted.Plain(String segment) ->
          local(directory, segment)
              .or(() ->
                  fresh(directory, segment).map(known -> found(known, segment, directory, false)));
    };
  }

  /** Answers, and asks OSS if it has to. */
  Found find(DirectoryInode directory, String name) {
    return findNow(directory, name)
        .orElseGet(() ->
            switch (Names.parse(name)) {
              case Names.Wanted.Nothing _ -> nothing();
              case Names.Wanted.Hashed(String head, _) -> search(directory, head, name);
              case Names.Wanted.Shadowed(String segment) ->
                  found(asked(directory, segment), segment, directory, true);
              case Names.Wanted.Plain(String segment) when segment.isEmpty() ->
                  emptySegment(directory);
              case Names.Wanted.Plain(String segment) ->
                  found(asked(directory, segment), segment, directory, false);
            });
  }

  private Found nothing() {
    return new Found(null, tree.options().negativeTimeout());
  }

  private Optional<Found> local(DirectoryInode directory, String segment) {
    return tree.localFile(directory.key() + segment)
        .map(file -> new Found(file, tree.options().attributeTimeout()));
  }

  private Optional<Known> fresh(DirectoryInode directory, String segment) {
    return tree.metadata()
        .fresh(directory.key() + segment)
        .filter(known -> known.file().filter(this::isUnclear).isEmpty());
  }

  private Known asked(DirectoryInode directory, String segment) {
    String path = directory.key() + segment;
    if (Keys.bytes(path) > Keys.MAX_BYTES) {
      return new Known(Optional.empty(), false, tree.metadata().now());
    }
    Known known = tree.remote().ask(path);
    return known.file().filter(this::isUnclear).isEmpty() ? known : tree.remote().probe(path);
  }

  /** Whether a listed object may be a link, and only a HEAD can tell. */
  private boolean isUnclear(ObjectInfo object) {
    return Symlinks.isCandidate(object) && tree.metadata().posix(object).isEmpty();
  }

  private Found found(Known known, String segment, DirectoryInode directory, boolean shadowed) {
    String path = directory.key() + segment;
    Duration validity = tree.metadata().remaining(known);
    validity = validity.isNegative() ? Duration.ZERO : validity;
    if (shadowed && !(known.directory() && known.file().isPresent())) {
      return nothing();
    }
    if (known.directory() && !shadowed) {
      return new Found(tree.directory(path + "/"), validity);
    }
    @Nullable ObjectInfo file = known.file().orElse(null);
    return new Found(file == null ? null : tree.file(file, known.asOf()), validity);
  }

  /** The directory {@code a//} of a directory {@code a/}. */
  private Found emptySegment(DirectoryInode directory) {
    String key = directory.key() + "/";
    return tree.remote().isDirectory(key)
        ? new Found(tree.directory(key), tree.options().attributeTimeout())
        : nothing();
  }

  /** Finds the long segment with this name among those that begin like it. */
  private Found search(DirectoryInode directory, String head, String name) {
    Optional<String> continuation = Optional.empty();
    String prefix = directory.key() + head;
    String after = "";
    do {
      long asOf = tree.metadata().now();
      Page page = tree.remote().page(prefix, directory.key(), after, continuation);
      for (var child : page.children().entrySet()) {
        String segment = Keys.segment(child.getKey());
        boolean isDirectory = Keys.isDirectory(child.getKey());
        if (Names.show(segment).equals(name) && (isDirectory || !shadowed(page, child.getKey()))) {
          return isDirectory
              ? new Found(tree.directory(child.getKey()), tree.options().attributeTimeout())
              : new Found(
                  tree.file(child.getValue().orElseThrow(), asOf),
                  tree.options().attributeTimeout());
        }
        if (!isDirectory && Names.showShadowed(segment).equals(name)) {
          return new Found(
              tree.file(child.getValue().orElseThrow(), asOf), tree.options().attributeTimeout());
        }
      }
      continuation = page.continuation();
      after = page.last().orElse("");
    } while (continuation.isPresent());
    return nothing();
  }

  private boolean shadowed(Page page, String key) {
    return page.children().containsKey(key + "/");
  }
}
