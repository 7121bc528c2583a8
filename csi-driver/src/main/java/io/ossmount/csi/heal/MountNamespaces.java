package io.ossmount.csi.heal;

import io.ossmount.fuse.kernel.MountEntry;
import io.ossmount.fuse.kernel.MountTable;
import io.ossmount.fuse.kernel.NamespaceVisit;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mount namespaces of the node that use a session, found by the processes in them. Reads only
 * what {@code /proc} knows without asking a file system. Needs the node's process ids.
 */
public final class MountNamespaces {
  private static final Logger LOG = LoggerFactory.getLogger(MountNamespaces.class);

  /** Processes of one namespace that are asked for its mounts before it counts as gone. */
  private static final int MOST_ASKED = 8;

  private final Path proc;

  /** Those of this node. */
  public MountNamespaces() {
    this(Path.of("/proc"));
  }

  MountNamespaces(Path proc) {
    this.proc = proc;
  }

  /**
   * One process of each namespace, other than that of this process, in which a session is used; the
   * node's own first.
   */
  List<Integer> using(DeadSession session) throws IOException {
    var found = new ArrayList<Integer>();
    for (var processes : byNamespace().values()) {
      processes.stream()
          .limit(MOST_ASKED)
          .filter(pid -> mounts(pid).map(session::isUsedIn).orElse(false))
          .findFirst()
          .ifPresent(found::add);
    }
    return found;
  }

  /** Whether a session is used in any namespace, this process's or another one. */
  public boolean anyUses(DeadSession session) {
    try {
      return session.isUsedIn(MountTable.read()) || !using(session).isEmpty();
    } catch (IOException e) {
      LOG.warn("cannot say who uses session {}: {}", session.name(), e.toString());
      return true;
    }
  }

  /** Where a process sees a session used; nowhere when it has ended. */
  List<String> targets(int pid, DeadSession session) {
    return mounts(pid).stream()
        .flatMap(seen -> seen.entries().stream())
        .filter(session::isUse)
        .map(MountEntry::target)
        .distinct()
        .toList();
  }

  /** The pod that a process belongs to. */
  Optional<String> podOf(int pid) {
    try {
      return PodUid.ofGroups(Files.readString(process(pid).resolve("cgroup")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Processes by namespace, both in the order of their numbers: the node's own namespace comes
   * first, and in it, as in a container, a process that has not changed its root.
   */
  private Map<String, List<Integer>> byNamespace() throws IOException {
    var own = NamespaceVisit.nameOf(proc.resolve("self"));
    var byNamespace = new LinkedHashMap<String, List<Integer>>();
    for (int pid : pids()) {
      name(pid)
          .filter(name -> !name.equals(own))
          .ifPresent(name -> byNamespace.computeIfAbsent(name, _ -> new ArrayList<>()).add(pid));
    }
    return byNamespace;
  }

  private Set<Integer> pids() throws IOException {
    var pids = new TreeSet<Integer>();
    try (var processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      processes.forEach(process -> pids.add(Integer.valueOf(process.getFileName().toString())));
      return pids;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private Optional<String> name(int pid) {
    try {
      return Optional.of(NamespaceVisit.nameOf(process(pid)));
    } catch (IOException e) {
      // It has ended, or is one that even this process may not look at.
      return Optional.empty();
    }
  }

  private Optional<MountTable> mounts(int pid) {
    try {
      return Optional.of(MountTable.read(process(pid).resolve("mountinfo")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Path process(int pid) {
    return proc.resolve(Integer.toString(pid));
  }
}
