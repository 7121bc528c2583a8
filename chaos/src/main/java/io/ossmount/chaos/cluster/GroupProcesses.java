package io.ossmount.chaos.cluster;

import io.ossmount.chaos.scene.Eldest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * The processes of a control group of the cluster, as this machine sees them: those of a node, or
 * of the control plane. No one else's can be meant.
 *
 * @param group a node's name, or {@link LocalCluster#CONTROL}
 */
record GroupProcesses(String group) {
  private static final Path PROC = Path.of("/proc");
  private static final String ROOT = "/ossmount-local/";

  /** Ids of those that are this part of the product. */
  List<Long> of(Product product) throws IOException {
    return all().stream()
        .filter(pid -> product.is(words(pid, "cmdline"), words(pid, "environ")))
        .toList();
  }

  /** Id of the server of the cache pod that came last, and not of the spare beside it. */
  Optional<Long> server() throws IOException {
    var supervisors = of(Product.SUPERVISOR);
    return supervisors.isEmpty() ? Optional.empty() : Eldest.childOf(supervisors.getLast());
  }

  /** Ids of those that run this program. */
  List<Long> running(String program) throws IOException {
    return all().stream()
        .filter(pid ->
            words(pid, "cmdline").stream()
                .findFirst()
                .filter(first -> first.equals(program) || first.endsWith("/" + program))
                .isPresent())
        .toList();
  }

  /** Whether the process is still there, and in the group. */
  boolean has(long pid) {
    return text(pid, "cgroup").contains(ROOT + group + "/")
        || text(pid, "cgroup").contains(ROOT + group + "\n");
  }

  private List<Long> all() throws IOException {
    try (var entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      return StreamSupport.stream(entries.spliterator(), false)
          .map(entry -> Long.parseLong(entry.getFileName().toString()))
          .filter(this::has)
          .toList();
    }
  }

  private static List<String> words(long pid, String file) {
    return Arrays.asList(text(pid, file).split("\0", -1));
  }

  private static String text(long pid, String file) {
    try {
      var bytes = Files.readAllBytes(PROC.resolve(Long.toString(pid)).resolve(file));
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException goneMeanwhile) {
      return "";
    }
  }
}
