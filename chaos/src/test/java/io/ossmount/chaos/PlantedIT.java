package io.ossmount.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.chaos.content.Dataset;
import io.ossmount.chaos.node.NodeFault;
import io.ossmount.chaos.node.NodeProcesses;
import io.ossmount.chaos.node.Place;
import io.ossmount.chaos.work.WorkKind;
import io.ossmount.fuse.kernel.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole run on real processes. Needs root, /dev/fuse and loop devices. */
@Timeout(400)
final class PlantedIT {
  @TempDir private Path directory;

  @Test
  void what_is_planted_is_found_and_nothing_else_and_nothing_is_left() throws Exception {
    // Sockets have short paths.
    var work = Files.createTempDirectory("chaos");
    var place = new Place(work, directory, Optional.empty());
    var schedule = Schedule.<NodeProcesses>of(1, List.of(NodeFault.CACHE_DELETED), 1, false);
    var kinds = List.of(WorkKind.FSYNC, WorkKind.SMALL, WorkKind.WORKING_DIRECTORY);
    Results results;
    try (var cleanup = new Cleanup()) {
      results =
          new Chaos<>(1, schedule, kinds, List.of(Plant.values()))
              .run((data, toBeClosed) -> open(place, data, toBeClosed), directory, cleanup);
    }

    assertThat(results.rows()).containsOnlyKeys("cache-deleted");
    assertThat(results.violations().keySet())
        .hasSize(4)
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

  private static NodeProcesses open(Place place, Dataset data, Cleanup cleanup)
      throws IOException, InterruptedException {
    cleanup.keep(() -> NodeProcesses.sweep(place));
    return cleanup.keep(NodeProcesses.start(place, data));
  }
}
