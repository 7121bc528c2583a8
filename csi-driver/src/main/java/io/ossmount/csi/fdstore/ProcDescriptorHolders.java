package io.ossmount.csi.fdstore;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
  public boolean mayBeHeld(String device, Set<Integer> besides) {
    try (var processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (var process : processes) {
        int pid = Integer.parseInt(process.getFileName().toString());
        if (pid != ProcessHandle.current().pid()
            && !besides.contains(pid)
            && holds(process, device)) {
          return true;
        }
      }
      return false;
    } catch (IOException | DirectoryIteratorException e) {
      return true;
    }
  }

  private static boolean holds(Path process, String device) throws IOException {
    try (var descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (var descriptor : descriptors) {
        if (isFuse(descriptor) && isOf(process, descriptor, device)) {
          return true;
        }
      }
      return false;
    } catch (NoSuchFileException | DirectoryIteratorException e) {
      // It has ended meanwhile.
      return false;
    }
  }

  private static boolean isFuse(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).equals(FUSE);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isOf(Path process, Path descriptor, String device) {
    try {
      var info = process.resolve("fdinfo").resolve(descriptor.getFileName());
      return Files.readAllLines(info).stream()
          .filter(line -> line.startsWith(CONNECTION))
          .map(line -> line.substring(CONNECTION.length()).strip())
          .findFirst()
          .map(minor -> device.equals("0:" + minor))
          .orElse(true);
    } catch (IOException e) {
      return true;
    }
  }
}
