package io.ossmount.csi.heal;

import io.ossmount.csi.heal.HealingPlan.Blocked;
import io.ossmount.csi.heal.HealingPlan.Replace;
import io.ossmount.csi.heal.HealingPlan.Step;
import io.ossmount.csi.heal.HealingPlan.Uncover;
import io.ossmount.fuse.kernel.MountEntry;
import io.ossmount.fuse.kernel.MountTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A mount namespace in memory that does what the kernel does with the calls of a change. */
final class ModelNamespace {
  static final DeadSession DEAD = new DeadSession("s-1", "0:50");
  static final String NEXT = "0:60";

  private final List<MountEntry> entries = new ArrayList<>();
  private int nextId = 100;

  ModelNamespace() {
    add(1, "254:0", "/", "/", "ext4", List.of("rw", "relatime"));
  }

  /** Mounts on top of what is at {@code target}, or on the mount that has this id. */
  int mount(String device, String root, String target, List<String> options, int below) {
    var stack = table().stack(target);
    int parent = stack.isEmpty() ? below : stack.getLast().id();
    return add(parent, device, root, target, "fuse.ossmount", options);
  }

  private int add(
      int parent, String device, String root, String target, String type, List<String> options) {
    entries.add(
        new MountEntry(
            nextId,
            parent,
            device,
            root,
            target,
            options,
            List.of(),
            type,
            "ml/data",
            List.of("rw")));
    return nextId++;
  }

  /** As the text that the kernel gives is understood. */
  MountTable table() {
    return MountTable.parse(
        entries.stream().map(ModelNamespace::line).collect(Collectors.joining("\n")));
  }

  private static String line(MountEntry entry) {
    return "%d %d %s %s %s %s - %s %s %s"
        .formatted(
            entry.id(),
            entry.parent(),
            entry.device(),
            escaped(entry.root()),
            escaped(entry.target()),
            String.join(",", entry.options()),
            entry.type(),
            entry.source(),
            String.join(",", entry.superOptions()));
  }

  private static String escaped(String name) {
    return name.replace("\\", "\\134").replace(" ", "\\040").replace("\n", "\\012");
  }

  /**
   * Does the calls of a step, at most so many.
   *
   * @return how many are left
   */
  int apply(Step step, int calls) {
    return switch (step) {
      case Blocked _ -> calls;
      case Uncover(var target, var layers) -> unmount(target, layers, calls);
      case Replace(var target, var directory, var attributes, var layers) -> {
        int left = unmount(target, layers - 1, calls);
        if (left > 0) {
          putBeneath(target, directory);
          left = unmount(target, 1, left - 1);
        }
        yield left;
      }
    };
  }

  private int unmount(String target, int layers, int calls) {
    int left = calls;
    for (int i = 0; i < layers && left > 0; i++) {
      entries.removeIf(entry -> entry.id() == table().stack(target).getLast().id());
      left--;
    }
    return left;
  }

  private void putBeneath(String target, String directory) {
    var top = table().stack(target).getLast();
    int id = add(top.parent(), NEXT, directory, target, top.type(), top.options());
    entries.replaceAll(entry ->
        entry.id() == top.id()
            ? new MountEntry(
                entry.id(),
                id,
                entry.device(),
                entry.root(),
                entry.target(),
                entry.options(),
                entry.propagation(),
                entry.type(),
                entry.source(),
                entry.superOptions())
            : entry);
  }
}
