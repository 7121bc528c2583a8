package io.ossmount.operator.uninstall;

import io.ossmount.api.Annotations;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Makes an installation ready to go. Volumes in the cluster stop it before anything is changed.
 * Without them it deletes the OssMounts and their tests, and waits until cache pods and node
 * directories are gone: after that the operator and the node plugins, which do this work, may go.
 */
final class Uninstall {
  // In all less than the five minutes that helm waits for a hook.
  /** A cache pod has a minute to end. */
  private static final Duration PODS_PATIENCE = Duration.ofSeconds(100);

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** An operator that has not let go of an OssMount by then does not run. */
  private static final Duration OPERATOR_PATIENCE = Duration.ofSeconds(30);

  private static final int NAMES_TOLD = 20;

  private final Installation installation;
  private final Patience patience;
  private final String wayBack;
  private final Consumer<String> words;

  /**
   * An uninstallation that has not begun.
   *
   * @param wayBack the command with which a user keeps a release whose deletion has failed
   * @param words takes what is told to the user, line by line
   */
  Uninstall(Installation installation, Patience patience, String wayBack, Consumer<String> words) {
    this.installation = installation;
    this.patience = patience;
    this.wayBack = wayBack;
    this.words = words;
  }

  /**
   * Does it.
   *
   * @return whether nothing is left; if not, the user has been told why and what to do
   */
  boolean run() throws InterruptedException {
    var ready =
        noVolumes()
            && testsGo()
            && ossMountsGo()
            && gone("cache pods", installation::cachePods, PODS_PATIENCE)
            && directoriesGo();
    if (!ready) {
      words.accept("To keep OssMount instead: " + wayBack);
    }
    return ready;
  }

  private boolean noVolumes() {
    var volumes = installation.volumes();
    if (volumes.isEmpty()) {
      return true;
    }
    words.accept("OssMount stays, and nothing was changed, because these volumes are there:");
    tell(volumes);
    words.accept("Delete their pods and claims (the bucket keeps its objects), then try again.");
    return false;
  }

  /** Nothing holds them: what runs ends with them. */
  private boolean testsGo() throws InterruptedException {
    installation
        .ossMountTests()
        .forEach(test -> {
          words.accept("Delete OssMountTest " + test);
          installation.deleteTest(test);
        });
    return gone("OssMountTests", () -> inWords(installation.ossMountTests()), PATIENCE);
  }

  private boolean ossMountsGo() throws InterruptedException {
    installation.ossMounts().forEach(this::delete);
    if (patience.until(() -> installation.ossMounts().isEmpty(), OPERATOR_PATIENCE)) {
      return true;
    }
    if (!noVolumes() || !noPendingWrites()) {
      return false;
    }
    words.accept("The operator does not answer; its hold is taken from what is left.");
    installation.ossMounts().forEach(installation::release);
    return gone("OssMounts", () -> inWords(installation.ossMounts()), PATIENCE);
  }

  /** They would be gone with the directories of the nodes, also when the operator does not run. */
  private boolean noPendingWrites() {
    var waiting = installation.pendingWrites();
    if (waiting.isEmpty()) {
      return true;
    }
    words.accept("OssMount stays, because these writes are not in the buckets yet:");
    tell(waiting);
    words.accept(
        "Wait until they are, then try again; or annotate their OssMounts with "
            + Annotations.FORGET_PENDING
            + "=NODE[,NODE] to give them up.");
    return false;
  }

  private void delete(Installation.MountName mount) {
    words.accept("Delete OssMount " + mount);
    installation.delete(mount);
  }

  private boolean directoriesGo() throws InterruptedException {
    var silent = installation.silentNodes();
    if (!silent.isEmpty()) {
      words.accept("What is on these nodes stays, for their node plugin does not run:");
      tell(silent);
    }
    return gone("directories on nodes", installation::nodeDirectories, PATIENCE);
  }

  private boolean gone(String what, Supplier<List<String>> left, Duration limit)
      throws InterruptedException {
    if (patience.until(() -> left.get().isEmpty(), limit)) {
      return true;
    }
    words.accept("OssMount stays: after " + limit.toSeconds() + " s there still are " + what + ":");
    tell(left.get());
    return false;
  }

  private void tell(List<String> names) {
    names.stream().limit(NAMES_TOLD).forEach(name -> words.accept("  " + name));
    if (names.size() > NAMES_TOLD) {
      words.accept("  and " + (names.size() - NAMES_TOLD) + " more");
    }
  }

  private static List<String> inWords(List<Installation.MountName> mounts) {
    return mounts.stream().map(Installation.MountName::toString).toList();
  }
}
