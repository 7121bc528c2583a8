package io.ossmount.csi.fdstore;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Looks through the descriptors of all processes: /proc. Needs the node's process ids. Where the
 * kernel does not say which connection a descriptor is of (before Linux 6.16), any of {@code
 * /dev/fuse} may be it.
 */
final class ProcDescriptorHolders implements DescriptorHolders {
  private static final Path PROC = Path.of("/proc");
  private static final Path FUSE = Path.of("/dev/fuse");
  private static final String CONNECTION = "fuse_connection:";

  @Override
  public Set<String> held(Set<String> devices, Set<Integer> besides) {
    var held = new HashSet<String>();
    try (var processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (var process : processes) {
        int pid = Integer.parseInt(process.getFileName().toString());
        if (pid != ProcessHandle.current().pid() && !besides.contains(pid)) {
          addHeldBy(process, devices, held);
        }
        if (held.size() == devices.size()) {
          return held;
        }
      }
      return held;
    } catch (IOException | DirectoryIteratorException e) {
      return devices;
    }
  }

  private static void addHeldBy(Path process, Set<String> devices, Set<String> held)
      throws IOException {
    try (var descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (var descriptor : descriptors) {
        if (isFuse(descriptor)) {
          held.addAll(of(process, descriptor, devices));
        }
      }
    } catch (NoSuchFileException | DirectoryIteratorException e) {
      // It has ended meanwhile.
      return;
    }
  }

  private static boolean isFuse(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).equals(FUSE);
    } catch (IOException e) {
      return false;
    }
  }

  /** Those of the devices that a descriptor may be of. */
  private static Set<String> of(Path process, Path descriptor, Set<String> devices) {
    try {
      var info = process.resolve("fdinfo").resolve(descriptor.getFileName());
      return Files.readAllLines(info).stream()
          .filter(line -> line.startsWith(CONNECTION))
          .map(line -> "0:" + line.substring(CONNECTION.length()).strip())
          .findFirst()
          .map(device -> devices.contains(device) ? Set.of(device) : Set.<String>of())
          .orElse(devices);
    } catch (IOException e) {
      return devices;
    }
  }
}
