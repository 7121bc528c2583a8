package io.ossmount.chaos.work;

import io.ossmount.chaos.content.Dataset;
import java.util.Arrays;
import java.util.List;

/** The workloads that there are. */
public enum WorkKind {
  /** Reads files from the beginning to the end. */
  SEQUENTIAL("sequential", false),
  /** Reads blocks here and there of a file that is larger than the cache. */
  RANDOM("random", false),
  /** The same, of a file that is wholly in the cache. */
  PASSTHROUGH("passthrough", false),
  /** Opens, reads and closes small files. */
  SMALL("small-files", false),
  /** Lists a tree and looks at all that is in it. */
  WALK("walk", false),
  /** Looks for files that are not there. */
  ABSENT("absent", false),
  /** Reads a mapped file. */
  MAPPED("mmap", false),
  /** The same, of one of which neither the kernel nor the cache has all. */
  MAPPED_COLD("mmap-cold", false),
  /** Reads a file that is replaced in the bucket meanwhile. */
  PINNED("pinned", false),
  /** Reads by relative paths, in a process whose working directory is inside of the mount. */
  WORKING_DIRECTORY("cwd", false),
  /** Reads small files of a directory that is there as a sub-path of the volume. */
  SUB_PATH("sub-path", false),
  /** Writes files and waits for fsync. */
  FSYNC("fsync", true),
  /** Appends to files that it has open. */
  APPEND("append", true),
  /** Reads and writes an open file whose name was taken away. */
  NAMELESS("nameless", true),
  /** Unpacks archives. */
  TAR("tar", true),
  /** Renames files. */
  RENAME("rename", true),
  /** Makes and deletes files. */
  DELETE("delete", true);

  private final String title;
  private final boolean writes;

  WorkKind(String title, boolean writes) {
    this.title = title;
    this.writes = writes;
  }

  /** Its name in reports and on command lines. */
  public String title() {
    return title;
  }

  /** Whether it changes files. */
  public boolean writes() {
    return writes;
  }

  Workload at(Site site) {
    return switch (this) {
      case SEQUENTIAL -> new SequentialReader(site, Dataset.parts());
      case RANDOM -> new RandomReader(site, Dataset.BIG);
      case PASSTHROUGH -> new RandomReader(site, Dataset.WARM);
      case SMALL, WORKING_DIRECTORY, SUB_PATH -> new SmallFileReader(site);
      case WALK -> new TreeWalker(site);
      case ABSENT -> new AbsentLooker(site);
      case MAPPED -> new MappedReader(site, Dataset.MAPPED);
      case MAPPED_COLD -> new ColdMappedReader(site);
      case PINNED -> new PinnedReader(site);
      case FSYNC -> new FsyncWriter(site);
      case APPEND -> new AppendWriter(site);
      case NAMELESS -> new NamelessWriter(site);
      case TAR -> new TarExtractor(site);
      case RENAME -> new RenameStorm(site);
      case DELETE -> new DeleteStorm(site);
    };
  }

  /** Those that read only. */
  public static List<WorkKind> readers() {
    return Arrays.stream(values()).filter(kind -> !kind.writes).toList();
  }

  /**
   * The one with this title.
   *
   * @throws IllegalArgumentException there is none
   */
  public static WorkKind titled(String title) {
    return Arrays.stream(values())
        .filter(kind -> kind.title.equals(title))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no workload " + title));
  }
}
