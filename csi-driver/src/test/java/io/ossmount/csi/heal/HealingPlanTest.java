package io.ossmount.csi.heal;

import static io.ossmount.csi.heal.ModelNamespace.DEAD;
import static io.ossmount.csi.heal.ModelNamespace.NEXT;
import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.csi.heal.HealingPlan.Blocked;
import io.ossmount.csi.heal.HealingPlan.Replace;
import io.ossmount.csi.heal.HealingPlan.Uncover;
import io.ossmount.fuse.kernel.MountAttributes;
import io.ossmount.fuse.kernel.MountAttributes.Attribute;
import io.ossmount.fuse.kernel.MountAttributes.Propagation;
import io.ossmount.fuse.kernel.MountEntry;
import io.ossmount.fuse.kernel.MountTable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class HealingPlanTest {
  private static final String OTHER = "0:70";

  @Test
  void each_mount_is_replaced_with_its_directory_and_what_it_allows() {
    var mounts =
        MountTable.parse(
            """
            27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
            61 27 0:50 / /var/lib/ossmount/sessions/s-1 rw,nosuid,nodev,noatime shared:7 - fuse.ossmount ml/data rw
            62 27 0:50 / /pods/a\\040b rw,nosuid,nodev,noatime shared:7 - fuse.ossmount ml/data rw
            63 27 0:50 /sub\\040dir//deleted /data ro,nosuid,nodev,noexec,relatime master:7 - fuse.ossmount ml/data rw
            64 27 0:51 / /other rw - fuse.ossmount ml/other rw
            """);

    assertThat(HealingPlan.of(mounts, DEAD, NEXT).steps())
        .containsExactly(
            new Replace(
                "/pods/a b",
                "/",
                new MountAttributes(
                    Set.of(Attribute.NO_SUID, Attribute.NO_DEVICES, Attribute.NO_ACCESS_TIMES),
                    Propagation.SHARED),
                1),
            new Replace(
                "/data",
                "/sub dir",
                new MountAttributes(
                    Set.of(
                        Attribute.READ_ONLY,
                        Attribute.NO_SUID,
                        Attribute.NO_DEVICES,
                        Attribute.NO_EXEC,
                        Attribute.RELATIVE_ACCESS_TIMES),
                    Propagation.SLAVE),
                1));
  }

  @Test
  void a_dead_mount_on_the_new_one_is_only_taken_away() {
    var mounts =
        MountTable.parse(
            """
            27 1 254:0 / / rw - ext4 /dev/vda rw
            62 90 0:50 / /data rw - fuse.ossmount ml/data rw
            90 27 0:60 / /data rw - fuse.ossmount ml/data rw
            """);

    assertThat(HealingPlan.of(mounts, DEAD, NEXT).steps()).containsExactly(new Uncover("/data", 1));
  }

  @Test
  void what_is_mounted_below_it_is_in_the_way() {
    var mounts =
        MountTable.parse(
            """
            27 1 254:0 / / rw - ext4 /dev/vda rw
            62 27 0:50 / /data rw - fuse.ossmount ml/data rw
            63 62 0:30 / /data/cache rw - tmpfs tmpfs rw
            """);

    assertThat(HealingPlan.of(mounts, DEAD, NEXT).steps())
        .containsExactly(new Blocked("/data", "/data/cache"));
  }

  @Test
  void what_is_hidden_by_another_mount_is_left() {
    var mounts =
        MountTable.parse(
            """
            27 1 254:0 / / rw - ext4 /dev/vda rw
            62 27 0:50 / /data rw - fuse.ossmount ml/data rw
            63 62 0:30 / /data rw - tmpfs tmpfs rw
            """);

    assertThat(HealingPlan.of(mounts, DEAD, NEXT).steps()).isEmpty();
  }

  @Test
  void a_device_of_another_kind_is_not_that_of_the_session() {
    var mounts = MountTable.parse("62 1 0:50 / /data rw - tmpfs tmpfs rw");

    assertThat(HealingPlan.of(mounts, DEAD, NEXT).steps()).isEmpty();
  }

  /** What is mounted one after another; a mount below another one only where there is one. */
  record Mounted(String device, String root, String target, boolean readOnly, boolean below) {}

  @Property(tries = 500)
  void a_pass_that_is_cut_anywhere_is_completed_by_the_next(
      @ForAll("tables") List<Mounted> mounted, @ForAll @IntRange(max = 40) int calls) {
    var namespace = namespace(mounted);
    var before = visible(namespace.table());
    var others = others(namespace.table());

    int left = calls;
    for (var step : HealingPlan.of(namespace.table(), DEAD, NEXT).steps()) {
      left = namespace.apply(step, left);
    }
    var plan = HealingPlan.of(namespace.table(), DEAD, NEXT);
    plan.steps().forEach(step -> namespace.apply(step, Integer.MAX_VALUE));

    var after = namespace.table();
    assertThat(HealingPlan.of(after, DEAD, NEXT).steps())
        .allSatisfy(step -> assertThat(step).isInstanceOf(Blocked.class));
    assertThat(others(after)).isEqualTo(others);
    var wasBlocked =
        plan.steps().stream().filter(Blocked.class::isInstance).map(step -> step.target()).toList();
    visible(after)
        .forEach((target, mount) -> {
          var was = Objects.requireNonNull(before.get(target));
          if (wasBlocked.contains(target) || !was.device().equals(DEAD.device())) {
            assertThat(mount.device()).isEqualTo(was.device());
          } else if (!target.endsWith("/sessions/s-1")) {
            assertThat(mount.device()).isEqualTo(NEXT);
            assertThat(after.stack(target)).noneMatch(layer -> isDeadOnTop(after, layer));
          }
        });
    assertThat(visible(after)).containsOnlyKeys(before.keySet());
  }

  @Property(tries = 500)
  void a_pass_that_is_not_cut_keeps_directories_and_options(
      @ForAll("tables") List<Mounted> mounted) {
    var namespace = namespace(mounted);
    var before = visible(namespace.table());

    for (var step : HealingPlan.of(namespace.table(), DEAD, NEXT).steps()) {
      var was = Objects.requireNonNull(before.get(step.target()));
      if (step instanceof Replace(_, var directory, var attributes, _)) {
        assertThat(directory).isEqualTo(was.root().replace("//deleted", ""));
        assertThat(attributes).isEqualTo(MountAttributes.of(was));
      }
      namespace.apply(step, Integer.MAX_VALUE);
    }

    visible(namespace.table())
        .forEach((target, mount) -> {
          var was = Objects.requireNonNull(before.get(target));
          if (mount.device().equals(NEXT)) {
            assertThat(mount.root()).isEqualTo(was.root().replace("//deleted", ""));
          }
        });
  }

  private static boolean isDeadOnTop(MountTable table, MountEntry layer) {
    return DEAD.isUse(layer) && table.stack(layer.target()).getLast().equals(layer);
  }

  private static Map<String, MountEntry> visible(MountTable table) {
    var visible = new TreeMap<String, MountEntry>();
    for (var entry : table.entries()) {
      visible.put(entry.target(), table.stack(entry.target()).getLast());
    }
    return visible;
  }

  private static List<String> others(MountTable table) {
    return table.entries().stream()
        .filter(entry -> !entry.device().equals(DEAD.device()) && !entry.device().equals(NEXT))
        .map(entry -> entry.id() + " " + entry.target() + " " + entry.root())
        .toList();
  }

  private static ModelNamespace namespace(List<Mounted> mounted) {
    var namespace = new ModelNamespace();
    int last = 100;
    for (var mount : mounted) {
      var options = List.of(mount.readOnly() ? "ro" : "rw", "nosuid", "nodev", "noatime");
      var target = mount.below() ? "/below " + last : mount.target();
      int below = mount.below() ? last : 100;
      last = namespace.mount(mount.device(), mount.root(), target, options, below);
    }
    return namespace;
  }

  @Provide
  Arbitrary<List<Mounted>> tables() {
    var one =
        Combinators.combine(
                Arbitraries.frequency(Tuple.of(3, DEAD.device()), Tuple.of(1, OTHER)),
                Arbitraries.of("/", "/sub", "/a b\\c", "/sub//deleted", "/line\nbreak"),
                Arbitraries.of(
                    "/data", "/pods/x y", "/back\\slash", "/d/sessions/s-1", "/d/sessions/s-2"),
                Arbitraries.of(true, false),
                Arbitraries.frequency(Tuple.of(9, false), Tuple.of(1, true)))
            .as(Mounted::new);
    return one.list().ofMaxSize(8);
  }
}
