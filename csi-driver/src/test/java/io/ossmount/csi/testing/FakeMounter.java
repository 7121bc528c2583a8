package io.ossmount.csi.testing;

import io.ossmount.csi.fdstore.Descriptors;
import io.ossmount.csi.node.Mounter;
import io.ossmount.csi.volume.Deadline;
import io.ossmount.csi.volume.VolumeException.NodeFault;
import io.ossmount.fuse.kernel.BindMount;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.fuse.kernel.MountEntry;
import io.ossmount.fuse.kernel.MountTable;
import io.ossmount.fuse.kernel.SessionMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A mount table in memory; fails now and then, as a kernel would. Thread-safe. */
public final class FakeMounter implements Mounter {
  /** Devices of no kernel: the plugin looks for them in the mounts of real processes. */
  private static final int MINOR = 1 << 20;

  private final List<MountEntry> table = new ArrayList<>();
  private final List<Descriptors> made = new ArrayList<>();
  private final Random random;
  private volatile double failures;
  private int next = 1;

  /** A table without mounts. */
  public FakeMounter(long seed) {
    random = new Random(seed);
  }

  /** How often a mount or bind fails, 0 to 1. */
  public void setFailures(double failures) {
    this.failures = failures;
  }

  /** All descriptors that were ever given out. */
  public synchronized List<Descriptors> made() {
    return List.copyOf(made);
  }

  @Override
  public synchronized MountTable mounts() {
    return new MountTable(table);
  }

  @Override
  public synchronized Descriptors mountFuse(Path directory, FuseMount.Options options) {
    failSometimes();
    try {
      var descriptors = new Descriptors(SessionMemory.create(), SessionMemory.create());
      made.add(descriptors);
      table.add(entry("0:" + (MINOR + next), directory, List.of(options.readOnly() ? "ro" : "rw")));
      return descriptors;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void bind(Path source, Path target, BindMount.Options options) {
    failSometimes();
    var device = mounts().at(source).orElseThrow().device();
    table.add(entry(device, target, flags(options)));
  }

  private static List<String> flags(BindMount.Options options) {
    var access = options.readOnly() ? "ro" : "rw";
    return options.executable() ? List.of(access) : List.of(access, "noexec");
  }

  @Override
  public synchronized void restrict(Path target, BindMount.Options options) {
    failSometimes();
    table.replaceAll(mount ->
        mount.target().equals(target.toString())
            ? entry(mount.device(), target, flags(options))
            : mount);
  }

  @Override
  public synchronized boolean unmount(Path target, Deadline deadline) {
    table.removeIf(mount -> mount.target().equals(target.toString()));
    return true;
  }

  @Override
  public void abort(Path directory) {}

  @Override
  public void raiseReadAhead(Path mount) {}

  private void failSometimes() {
    if (random.nextDouble() < failures) {
      throw new NodeFault("no memory");
    }
  }

  private MountEntry entry(String device, Path target, List<String> options) {
    return new MountEntry(
        next++,
        0,
        device,
        "/",
        target.toString(),
        options,
        List.of(),
        "fuse.ossmount",
        "ml/data",
        options);
  }
}
