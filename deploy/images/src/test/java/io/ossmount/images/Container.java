package io.ossmount.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The cache image as a container: with its own root and its own process ids, its entry point as PID
 * 1 and as its user, with the arguments that a cache pod has. Needs root. The network is that of
 * the machine, so only one can run at a time.
 */
final class Container implements AutoCloseable {
  private static final String SCRIPT =
      """
      root=$1 configuration=$2 node=$3 user=$4
      shift 4
      mkdir -p "$root/proc" "$root/dev" "$root/etc/ossmount" "$root/var/lib/ossmount" "$node/tmp"
      chown -R "$user" "$node"
      # A container does not see the mount, and must not keep it when it is taken away.
      umount -l "$node/../mnt"
      # A root that is no mount would be unknown to who asks on which disk a file is.
      mount --bind "$root" "$root"
      mount -t proc proc "$root/proc"
      mount --rbind /dev "$root/dev"
      mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
      mount --bind "$configuration" "$root/etc/ossmount"
      mount --bind "$node" "$root/var/lib/ossmount"
      exec env -i "$@"
      """;

  private final Child outside;

  private Container(Child outside) {
    this.outside = outside;
  }

  /**
   * Starts it.
   *
   * @param log where its output goes
   */
  static Container start(UnpackedImage image, Stage stage, Path log) throws IOException {
    var user = image.product().user().ids();
    var command = new ArrayList<>(List.of("unshare", "-m", "-p", "--fork"));
    command.addAll(List.of("sh", "-ec", SCRIPT, "sh", image.root().toString()));
    command.addAll(List.of(stage.configuration().toString(), stage.node().toString(), user));
    command.addAll(image.environment());
    command.addAll(List.of("/usr/sbin/chroot", "--userspec=" + user, image.root().toString()));
    command.addAll(image.entryPoint());
    command.add("serve");
    return new Container(Child.start(command, log));
  }

  /** PID 1 of it. */
  ProcessHandle supervisor() {
    return child(outside.handle());
  }

  /** The one that is running now: a spare is started after it. */
  ProcessHandle server() {
    return supervisor()
        .children()
        .min(Comparator.comparing(child -> child.info().startInstant().orElse(Instant.MAX)))
        .orElseThrow();
  }

  /** The one that is to be the next, when it is there. */
  Optional<ProcessHandle> spare() {
    long server = server().pid();
    return supervisor().children().filter(child -> child.pid() != server).findFirst();
  }

  /** Waits until it says this. */
  void await(Pattern said) throws IOException, InterruptedException {
    var _ = outside.await(said);
  }

  /** Waits until it has ended; what PID 1 ended with. */
  int code() throws IOException, InterruptedException {
    return outside.code();
  }

  String output() throws IOException {
    return outside.output();
  }

  /** Kills it, and waits: PID 1 is gone when all its processes are, and their ports are free. */
  @Override
  public void close() {
    outside
        .handle()
        .children()
        .forEach(first -> {
          first.destroyForcibly();
          first.onExit().orTimeout(30, TimeUnit.SECONDS).join();
        });
    outside.close();
  }

  private static ProcessHandle child(ProcessHandle parent) {
    return parent.children().findFirst().orElseThrow();
  }

  /** Bytes of memory that a process has: {@code Rss}, {@code Pss}, {@code Anonymous}. */
  static long bytes(ProcessHandle process, String kind) throws IOException {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "smaps_rollup"))) {
      return lines
          .filter(line -> line.startsWith(kind + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElseThrow();
    }
  }
}
