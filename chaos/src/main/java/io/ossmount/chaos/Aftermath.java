package io.ossmount.chaos;

import io.ossmount.chaos.fault.Fault;
import io.ossmount.chaos.judge.Baseline;
import io.ossmount.chaos.scene.Await;
import io.ossmount.chaos.scene.Gauges;
import io.ossmount.chaos.scene.Scene;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a fault must not leave behind: looked for until it is gone, or long enough. */
final class Aftermath {
  private static final Duration POLL = Duration.ofMillis(250);

  private static final String PASSTHROUGH = "ossmount_passthrough_files";
  private static final String IDS = "ossmount_node_backing_ids";

  private final Scene scene;
  private final Baseline before;
  private final Duration goes;

  /** Files that were open; who has them open may keep them. */
  private boolean wereDeleted;

  private Aftermath(Scene scene, Baseline before, Duration goes) {
    this.scene = scene;
    this.before = before;
    this.goes = goes;
  }

  /**
   * Of all faults from now on; the scene is well.
   *
   * @param goes how long what is there may stay
   */
  static Aftermath of(Scene scene, Duration goes) throws IOException {
    return new Aftermath(scene, Baseline.of(scene.processes()), goes);
  }

  /**
   * What is there and should not be, one line each.
   *
   * @param begun when the fault was begun
   * @param mustPass whether somebody reads in passthrough, which then has to be so again
   */
  List<String> look(Fault<?> fault, Instant begun, boolean mustPass)
      throws IOException, InterruptedException {
    wereDeleted |= fault.deletesFiles();
    var left = new ArrayList<String>();
    var _ =
        Await.until(
            goes,
            POLL,
            () -> {
              left.clear();
              try {
                left.addAll(before.exceeded(scene.processes(), deleted()));
                left.addAll(scene.surplus());
                left.addAll(backing(mustPass));
                scene.emulator().uploadsBefore(begun).forEach(key -> left.add("upload of " + key));
              } catch (IOException e) {
                // Such as a process that is just started again.
                left.add("not known: " + e.getMessage());
              }
              return left.isEmpty();
            });
    return left;
  }

  /** What is there when nobody uses the volume any more, one line each. */
  static List<String> remains(Scene scene) throws InterruptedException {
    var remains = new ArrayList<String>();
    try {
      remains.addAll(scene.remains());
      var ids = Gauges.of(scene.pluginPid()).value(IDS);
      if (ids > 0) {
        remains.add(ids + " backing ids");
      }
    } catch (IOException e) {
      remains.add("not known: " + e.getMessage());
    }
    return remains;
  }

  /** What the server says that it uses has two files in the cache each. */
  private Map<String, Long> deleted() throws IOException, InterruptedException {
    if (!wereDeleted) {
      return Map.of();
    }
    var gauges = Gauges.of(scene.serverPid());
    return Map.of("server", 2 * (gauges.value(PASSTHROUGH) + gauges.value("ossmount_open_files")));
  }

  /**
   * The server knows of all that the plugin has told the kernel of. They are asked one after the
   * other while files are opened, so the plugin is asked again.
   */
  private List<String> backing(boolean mustPass) throws IOException, InterruptedException {
    var first = Gauges.of(scene.pluginPid()).value(IDS);
    var server = Gauges.of(scene.serverPid()).value(PASSTHROUGH);
    var then = Gauges.of(scene.pluginPid()).value(IDS);
    if (mustPass && server == 0) {
      return List.of("no file is read in passthrough, which Linux 6.9 and later have");
    }
    return Math.min(first, then) <= server && server <= Math.max(first, then)
        ? List.of()
        : List.of("%d backing ids, of which the server has %d".formatted(then, server));
  }
}
