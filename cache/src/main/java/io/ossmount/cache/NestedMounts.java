package io.ossmount.cache;

import io.ossmount.cache.NestedTree.Ground;
import io.ossmount.cache.config.MountSettings;
import io.ossmount.cache.config.MountSettings.NestedMount;
import io.ossmount.cache.control.NestedHealth;
import io.ossmount.cache.control.StoreHealth;
import io.ossmount.cache.fs.MountTree;
import io.ossmount.cache.serve.SessionsToCome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nested mounts of a process: makes trees of what the settings say, and what is there into what
 * they say now. A tree that is not wanted any more is not seen any more; it ends when nobody has
 * anything of it open, and what was written to it is uploaded. One that cannot be made, because of
 * the local disk, gives EIO at its path, so that nothing is written to the bucket around it, and is
 * tried again now and then. Thread-safe.
 */
final class NestedMounts implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NestedMounts.class);

  /** Names that a nested tree remembers however many there are. */
  private static final int LEAST_NAMES = 1000;

  /** So often it looks for what is left, and tries again what failed; a fifth more or less. */
  private static final Duration PERIOD = Duration.ofSeconds(15);

  private final Ground ground;
  private final Duration period;
  private final LeftNested left;
  private final Thread looking;

  /** What to try again; guarded by this. */
  private Optional<Again> again = Optional.empty();

  private record Again(MountSettings settings, SessionsToCome sessions) {}

  /** What came of a mount that is wanted. */
  private sealed interface Placed {
    record Made(NestedTree nested) implements Placed {}

    /** As it is shown. */
    record Failed(StoreHealth health) implements Placed {}

    default Optional<NestedTree> tree() {
      return this instanceof Made(NestedTree nested) ? Optional.of(nested) : Optional.empty();
    }

    default NestedHealth health(String path) {
      return switch (this) {
        case Made(NestedTree nested) -> new NestedHealth(path, nested.health(), nested.hidesFile());
        case Failed(StoreHealth health) -> new NestedHealth(path, health, false);
      };
    }
  }

  /** By their ids, also those that are still in use; guarded by this. */
  private final Map<Long, NestedTree> trees = new HashMap<>();

  /** Those that the settings want, by path, in their order. */
  private volatile Map<String, Placed> placed = Map.of();

  private boolean closed;

  NestedMounts(Ground ground) {
    this(ground, PERIOD);
  }

  NestedMounts(Ground ground, Duration period) {
    this.ground = ground;
    this.period = period;
    this.left = new LeftNested(ground.nested());
    ground.root().pendingElsewhere(left::pending);
    this.looking = Thread.ofVirtual().name("nested-mounts").unstarted(this::lookNowAndThen);
  }

  /**
   * Makes them what these settings say. Waits for nothing but the local disk.
   *
   * @param sessions of an earlier process, which what that has left in a tree that is new waits for
   */
  synchronized void apply(MountSettings settings, SessionsToCome sessions) {
    if (closed) {
      return;
    }
    Map<String, Placed> now = new LinkedHashMap<>();
    for (NestedMount mount : settings.mounts()) {
      now.put(mount.path(), place(settings, mount, sessions));
    }
    placed = now;
    Set<NestedTree> wanted = seen();
    again =
        wanted.size() < now.size() ? Optional.of(new Again(settings, sessions)) : Optional.empty();
    Map<String, Optional<MountTree>> paths = new LinkedHashMap<>();
    now.forEach((path, what) -> paths.put(path, what.tree().map(NestedTree::tree)));
    shareNames(wanted);
    ground.root().graft(paths);
    trees.values().forEach(nested -> beginOrLeave(nested, wanted.contains(nested)));
    List.copyOf(trees.keySet()).forEach(this::endUnused);
    look();
    if (looking.getState() == Thread.State.NEW) {
      looking.start();
    }
  }

  private Placed place(MountSettings settings, NestedMount mount, SessionsToCome sessions) {
    try {
      return new Placed.Made(tree(settings, mount, sessions));
    } catch (IOException | UncheckedIOException e) {
      return failed(mount.path(), e);
    }
  }

  /** What was said before is not said again. */
  private Placed failed(String path, Exception failure) {
    StoreHealth health = StoreHealth.diskFailed(Instant.now(), failure.toString());
    boolean isNews =
        !(placed.get(path) instanceof Placed.Failed(StoreHealth before))
            || !before.message().equals(health.message());
    if (isNews) {
      log.error(
          "{} cannot be mounted; it gives EIO, and is tried again every {}", path, period, failure);
    }
    return new Placed.Failed(health);
  }

  /** Those whose names are there. */
  private Set<NestedTree> seen() {
    return placed.values().stream()
        .map(Placed::tree)
        .flatMap(Optional::stream)
        .collect(Collectors.toSet());
  }

  private void lookNowAndThen() {
    try {
      while (true) {
        long millis = period.toMillis();
        Thread.sleep(millis - millis / 5 + ThreadLocalRandom.current().nextLong(2 * millis / 5));
        tryAgain();
      }
    } catch (InterruptedException e) {
      // The process ends.
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void tryAgain() {
    if (closed) {
      return;
    }
    if (again.isPresent()) {
      apply(again.get().settings, again.get().sessions);
    } else {
      look();
    }
  }

  /** What lies in the directories of those that are neither wanted nor in use. */
  private void look() {
    left.look(trees.keySet().stream().map(ground::staging).collect(Collectors.toSet()));
  }

  private NestedTree tree(MountSettings settings, NestedMount mount, SessionsToCome sessions)
      throws IOException {
    long id = NestedTree.id(mount);
    NestedTree there = trees.get(id);
    if (there != null) {
      there.apply(settings, mount);
      return there;
    }
    NestedTree made = new NestedTree(ground, settings, mount);
    trees.put(id, made);
    made.tree().recover(sessions);
    made.tree().whenUnused(() -> Thread.ofVirtual().name("nested").start(() -> endUnused(id)));
    return made;
  }

  private static void beginOrLeave(NestedTree nested, boolean isWanted) {
    if (isWanted) {
      nested.begin();
    } else {
      nested.leave();
    }
  }

  /** The names that all may remember: half of them are the mount's own. */
  private void shareNames(Set<NestedTree> seen) {
    int all = ground.names();
    ground.root().names(seen.isEmpty() ? all : all / 2);
    seen.forEach(nested -> nested.tree().names(Math.max(LEAST_NAMES, all / 2 / seen.size())));
  }

  private synchronized void endUnused(long id) {
    NestedTree nested = trees.get(id);
    if (nested == null || closed || seen().contains(nested) || !nested.tree().isUnused()) {
      return;
    }
    trees.remove(id);
    nested.close();
    look();
  }

  /** How the buckets of those that are wanted are, in the order of the settings. */
  List<NestedHealth> health() {
    List<NestedHealth> all = new ArrayList<>();
    placed.forEach((path, what) -> all.add(what.health(path)));
    return all;
  }

  /** Leaves what was written to the next process. */
  void handOver() {
    endAll(NestedTree::handOver);
  }

  /** Uploads what was written, within a deadline. */
  @Override
  public void close() {
    endAll(NestedTree::close);
  }

  /** All at once: one whose bucket does not answer takes as long as it may. */
  private void endAll(Consumer<NestedTree> end) {
    List<NestedTree> all;
    synchronized (this) {
      closed = true;
      looking.interrupt();
      all = List.copyOf(trees.values());
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      all.forEach(nested -> threads.execute(() -> end.accept(nested)));
    }
  }
}
