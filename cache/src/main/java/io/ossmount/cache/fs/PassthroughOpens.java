package io.ossmount.cache.fs;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.ossmount.cache.fs.BackingIds.Backed;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the nodes of a session are open: through the page cache, or read by the kernel itself from a
 * cache file (passthrough), which it does with files that are opened to be read while all of their
 * version is in the cache. Thread-safe.
 *
 * <p>A node is open in one way at a time. Who wants to write to a node that is open in passthrough,
 * or finds that it means another version by now, gets ESTALE, upon which the kernel looks the name
 * up again and is given another node.
 */
final class PassthroughOpens implements FilesAhead.Openings {
  /** Stands for no backing id: through the page cache. */
  static final int CACHED = 0;

  /** Who wants to write has tried again by then. */
  private static final long WRITER_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final Logger LOG = LoggerFactory.getLogger(PassthroughOpens.class);

  private final OpenCounter counter;
  private final NodeTable nodes;
  private final BackingIds ids;

  @GuardedBy("this")
  private final Map<Node, Use> uses = new HashMap<>();

  PassthroughOpens(OpenCounter counter, NodeTable nodes, BackingIds ids) {
    this.counter = counter;
    this.nodes = nodes;
    this.ids = ids;
  }

  /** The way in which a node is open, and how often. */
  private static final class Use {
    private final Optional<Backed> backed;
    private int opens = 1;

    Use(Optional<Backed> backed) {
      this.backed = backed;
    }
  }

  /**
   * Opens a node to be read, if the way can be told without waiting.
   *
   * @return a backing id or {@link #CACHED}; empty: {@link #open} it
   */
  OptionalInt openNow(Node node, FileInode file) {
    Optional<StoredVersion> version = readable(file);
    synchronized (this) {
      Use use = uses.get(node);
      if (use != null) {
        return OptionalInt.of(again(node, use, version));
      }
      Optional<Backed> known = version.flatMap(ids::takeNow);
      return known.isPresent() || version.isEmpty() || !ids.isPossible()
          ? OptionalInt.of(begin(node, known))
          : OptionalInt.empty();
    }
  }

  /** The same, and waits: for a small file to be fetched, and for the kernel to take it. */
  int open(Node node, FileInode file) {
    Optional<StoredVersion> version = readable(file);
    Optional<Backed> backed = version.flatMap(of -> take(file.tree(), of));
    synchronized (this) {
      Use use = uses.get(node);
      boolean isStill = readable(file).equals(version);
      if (use == null && isStill) {
        return begin(node, backed);
      }
      backed.ifPresent(ids::release);
      return use == null ? begin(node, Optional.empty()) : again(node, use, readable(file));
    }
  }

  @Override
  public boolean isReady(StoredVersion version) {
    return ids.isPossible()
        ? ids.isKnown(version)
        : version.blocks().isHereOrInUse(version.version());
  }

  @Override
  public void makeReady(StoredVersion version) {
    ids.take(version).ifPresent(ids::release);
  }

  /** Opens a node to be written to. */
  synchronized void openCached(Node node) {
    requireCached(node);
    Use use = uses.get(node);
    if (use == null) {
      begin(node, Optional.empty());
    } else {
      again(node, use, Optional.empty());
    }
  }

  /**
   * A node is about to be changed.
   *
   * @throws FuseException ESTALE: it is open in passthrough
   */
  synchronized void requireCached(Node node) {
    Use use = uses.get(node);
    if (use != null && use.backed.isPresent()) {
      if (node.inode() instanceof FileInode file) {
        // Else a reader could be quicker than the kernel's second try, which is the last.
        file.keepCached(file.tree().metadata().now() + WRITER_NANOS);
      }
      throw displaced(node);
    }
  }

  /** One that opened a node is gone. */
  void closed(Node node) {
    @Nullable Use over = null;
    synchronized (this) {
      Use use = uses.get(node);
      if (use != null && --use.opens == 0) {
        uses.remove(node);
        node.backed(Optional.empty());
        over = use;
      }
    }
    if (over != null) {
      over.backed.ifPresent(ids::release);
    }
  }

  /**
   * A node was opened with an earlier server.
   *
   * @param backed is asked at the first of its opens
   */
  synchronized void restore(Node node, Supplier<Optional<Backed>> backed) {
    Use use = uses.get(node);
    if (use == null) {
      begin(node, backed.get());
    } else {
      use.opens++;
    }
  }

  /** The version that the kernel may read in the place of a file. */
  private static Optional<StoredVersion> readable(FileInode file) {
    MountTree tree = file.tree();
    synchronized (file) {
      return file.isLocal() || file.size() == 0 || file.isKeptCached(tree.metadata().now())
          ? Optional.empty()
          : Optional.ofNullable(file.version)
              .map(version -> new StoredVersion(tree.blocks(), version));
    }
  }

  private Optional<Backed> take(MountTree tree, StoredVersion stored) {
    ObjectVersion version = stored.version();
    try {
      return ids.take(stored);
    } catch (StoreException.NotFound | StoreException.VersionChanged e) {
      tree.metadata().forget(version.key());
      throw new FuseException(Errno.ESTALE, String.valueOf(e.getMessage()));
    } catch (StoreException e) {
      // Who reads it will be told.
      LOG.debug("{} is not fetched when it is opened: {}", version.key(), e.getMessage());
      return Optional.empty();
    }
  }

  @GuardedBy("this")
  private int begin(Node node, Optional<Backed> backed) {
    Use use = new Use(backed);
    uses.put(node, use);
    node.backed(backed);
    return count(use);
  }

  @GuardedBy("this")
  private int again(Node node, Use use, Optional<StoredVersion> version) {
    if (use.backed.isPresent() && !use.backed.map(Backed::stored).equals(version)) {
      throw displaced(node);
    }
    use.opens++;
    return count(use);
  }

  private int count(Use use) {
    counter.opened(use.backed.isPresent());
    return use.backed.map(Backed::id).orElse(CACHED);
  }

  private FuseException displaced(Node node) {
    nodes.displace(node);
    return new FuseException(Errno.ESTALE, "open in passthrough: " + node.inode().key());
  }
}
