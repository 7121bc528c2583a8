package io.ossmount.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.chaos.content.Dataset;
import io.ossmount.chaos.fault.Fault;
import io.ossmount.chaos.fault.Fault.Outcome;
import io.ossmount.chaos.fault.FaultKind;
import io.ossmount.chaos.fault.Form;
import io.ossmount.chaos.judge.Allowed;
import io.ossmount.chaos.node.NodeFault;
import io.ossmount.chaos.node.NodeProcesses;
import io.ossmount.chaos.node.Place;
import io.ossmount.chaos.scene.Await;
import io.ossmount.chaos.work.WorkKind;
import io.ossmount.fuse.kernel.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole run on real processes. Needs root, /dev/fuse and loop devices. */
@Timeout(900)
final class PlantedIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  private static final Duration ENOUGH = Duration.ofSeconds(20);

  /** No server is killed here, and what is planted stays however long it is looked for. */
  private static final Patience PATIENCE = new Patience(ENOUGH, ENOUGH, ENOUGH, ENOUGH);

  @TempDir private Path directory;

  @Test
  void what_is_planted_is_found_and_nothing_else_and_nothing_is_left() throws Exception {
    // Sockets have short paths.
    var work = Files.createTempDirectory("chaos");
    var place = new Place(work, directory, Optional.empty());
    var schedule =
        Schedule.of(
            1, List.<FaultKind<NodeProcesses>>of(new Losing(), NodeFault.CACHE_DELETED), 1, false);
    var kinds = List.of(WorkKind.FSYNC, WorkKind.SMALL, WorkKind.WORKING_DIRECTORY);
    Results results;
    try (var cleanup = new Cleanup()) {
      results =
          new Chaos<>(1, schedule, Form.SHORT, kinds, List.of(Plant.values()), PATIENCE)
              .run((data, toBeClosed) -> open(place, data, toBeClosed), directory, cleanup);
    }

    assertThat(results.rows()).containsOnlyKeys("losing", "cache-deleted");
    assertThat(results.rows().get("losing"))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.lostWrites())
              .singleElement()
              .asString()
              .contains(Losing.KEPT)
              .contains("other bytes");
          assertThat(finding.leaks()).singleElement().asString().contains(Losing.STAGED);
        });
    // How long a pause is says more of the machine.
    assertThat(results.violations().keySet())
        .filteredOn(found -> !found.contains(" paused for more than "))
        .hasSize(7)
        .filteredOn(found -> found.startsWith("at the end: "))
        .hasSize(5)
        .anyMatch(found -> found.contains("uploads left in the bucket: [written-planted]"))
        .anyMatch(found -> found.contains("staging files left") && found.contains("planted"))
        .anyMatch(found -> found.contains("write lost: written-"))
        .anyMatch(found ->
            found.contains("left behind: [")
                && found.contains("scratch/planted")
                && found.contains("staging/held (deleted)"));
    assertThat(MountTable.read().entries())
        .noneMatch(mount -> mount.target().startsWith(work.toString()));
    assertThat(work).doesNotExist();
  }

  /** A fault of which the product loses a write, and leaves a file that it does not upload. */
  private static final class Losing implements FaultKind<NodeProcesses> {
    static final String STAGED = "left-by-the-fault";
    static final String KEPT = "written-1/fsync-keep";

    @Override
    public String title() {
      return "losing";
    }

    @Override
    public Fault<NodeProcesses> fault(Form form) {
      return (node, _, moment) -> {
        // Nobody reads the first one back any more when there is a second.
        Await.must("files are kept", SOON, () -> node.emulator().objects(KEPT).size() > 1);
        moment.now();
        node.emulator().spoilOne(KEPT);
        Files.writeString(node.staging().resolve(STAGED), "x");
        return new Outcome.Happened(0);
      };
    }

    @Override
    public Allowed allowed(WorkKind work) {
      return Allowed.pause(Allowed.RESTART);
    }
  }

  private static NodeProcesses open(Place place, Dataset data, Cleanup cleanup)
      throws IOException, InterruptedException {
    cleanup.keep(() -> NodeProcesses.sweep(place));
    return cleanup.keep(NodeProcesses.start(place, data));
  }
}
