package io.ossmount.csi;

import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.fuse.kernel.MountEntry;
import io.ossmount.fuse.kernel.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the node can do what the node plugin needs, in words for who installs it. */
final class NodeChecks {
  private static final Logger LOG = LoggerFactory.getLogger(NodeChecks.class);
  private static final int KERNEL_MAJOR = 5;
  private static final int KERNEL_MINOR = 10;
  private static final Pattern RELEASE = Pattern.compile("(?<major>[0-9]+)[.](?<minor>[0-9]+).*");
  private static final Path SYSCTLS = Path.of("/proc/sys/fs/fuse");
  private static final List<String> REQUEST_TIMEOUTS =
      List.of("max_request_timeout", "default_request_timeout");

  private NodeChecks() {}

  /** Throws {@link ConfigurationException} with all that is missing; warns of what is risky. */
  static void run(NodeConfig config) throws IOException {
    var problems = new ArrayList<String>();
    kernelProblem(Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip())
        .ifPresent(problems::add);
    try (var device = FuseMount.openDevice()) {
      LOG.debug("{} can be opened", device);
    } catch (IOException e) {
      problems.add(
          "/dev/fuse cannot be opened ("
              + e.getMessage()
              + "); the node needs the kernel module fuse, and the container to be privileged");
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(String.join("; ", problems));
    }
    warnings(config, MountTable.read()).forEach(LOG::warn);
  }

  /** Why the kernel is too old, if it is. */
  static Optional<String> kernelProblem(String release) {
    var parts = RELEASE.matcher(release);
    if (!parts.matches()) {
      return Optional.of("the kernel's release is not understood: " + release);
    }
    var major = Integer.parseInt(parts.group("major"));
    var minor = Integer.parseInt(parts.group("minor"));
    var recent = major > KERNEL_MAJOR || (major == KERNEL_MAJOR && minor >= KERNEL_MINOR);
    return recent
        ? Optional.empty()
        : Optional.of(
            "the kernel is "
                + release
                + "; OssMount needs "
                + KERNEL_MAJOR
                + "."
                + KERNEL_MINOR
                + " or newer");
  }

  private static List<String> warnings(NodeConfig config, MountTable mounts) throws IOException {
    var warnings = new ArrayList<String>();
    for (var directory : List.of(config.kubeletDir(), config.cacheDir())) {
      if (!isShared(directory, mounts)) {
        warnings.add(
            directory
                + " is not a shared mount: pods will not see volumes; the container needs it with"
                + " mountPropagation: Bidirectional");
      }
    }
    for (var name : REQUEST_TIMEOUTS) {
      var sysctl = SYSCTLS.resolve(name);
      if (Files.exists(sysctl) && !Files.readString(sysctl).strip().equals("0")) {
        warnings.add(
            "fs.fuse."
                + name
                + " is not 0: the kernel will abort mounts during an outage of OSS or of a cache"
                + " pod that takes longer");
      }
    }
    return warnings;
  }

  /** Whether the mount that holds the directory passes mounts on to its peers. */
  static boolean isShared(Path directory, MountTable mounts) {
    return mounts.entries().stream()
        .filter(mount -> directory.startsWith(mount.target()))
        .max(Comparator.comparingInt((MountEntry mount) -> mount.target().length()))
        .filter(mount -> mount.propagation().stream().anyMatch(tag -> tag.startsWith("shared:")))
        .isPresent();
  }
}
