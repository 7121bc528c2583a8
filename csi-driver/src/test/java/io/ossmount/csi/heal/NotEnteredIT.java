package io.ossmount.csi.heal;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.csi.heal.Outcome.Failed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A container whose mount namespace cannot be entered: /proc is a directory of this test, with a
 * process that the kernel does not have.
 */
final class NotEnteredIT {
  /** Above what the kernel gives. */
  private static final int PID = (1 << 22) + 1;

  /** Of no kernel. */
  private static final DeadSession DEAD = new DeadSession("s-1", "0:2000000");

  @TempDir private Path proc;
  private Path process;

  @BeforeEach
  void a_process_that_shows_the_dead_session() throws Exception {
    namespace(Files.createDirectories(proc.resolve("self")), "mnt:[1]");
    process = Files.createDirectories(proc.resolve(Integer.toString(PID)));
    namespace(process, "mnt:[2]");
    Files.writeString(process.resolve("cgroup"), "0::/kubepods/burstable/podu-7/c\n");
    Files.writeString(
        process.resolve("mountinfo"),
        """
        27 1 254:0 / / rw - ext4 /dev/vda rw
        61 27 0:2000000 / /data rw - fuse.ossmount ml/data rw
        62 27 0:2000000 / /more rw - fuse.ossmount ml/data rw
        """);
  }

  @Test
  void the_pod_is_to_be_told_what_it_shows_still() throws Exception {
    var outcomes = healing().pass(DEAD, Path.of("/nowhere"), "0:2000001");

    assertThat(outcomes).extracting(Outcome::target).containsExactly("/data", "/more");
    assertThat(outcomes)
        .allSatisfy(outcome -> {
          assertThat(outcome.podUid()).isEqualTo(Optional.of("u-7"));
          assertThat(outcome.result()).isInstanceOf(Failed.class);
        });
  }

  @Test
  void of_a_process_that_has_ended_meanwhile_nothing_is_said() throws Exception {
    var namespaces = new MountNamespaces(proc);
    assertThat(namespaces.using(DEAD)).containsExactly(PID);
    Files.delete(process.resolve("mountinfo"));

    assertThat(namespaces.targets(PID, DEAD)).isEmpty();
  }

  private Healing healing() {
    return new Healing(new MountNamespaces(proc), _ -> () -> {});
  }

  private static void namespace(Path process, String name) throws Exception {
    Files.createDirectories(process.resolve("ns"));
    Files.createSymbolicLink(process.resolve("ns/mnt"), Path.of(name));
  }
}
