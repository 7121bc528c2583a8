package io.ossmount.images;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The images: which module each runs, as whom, and with which options of the JVM. */
enum Product {
  OPERATOR("operator", "io.ossmount.operator.OperatorMain", User.NOBODY, 60, "/tmp"),
  /**
   * Two roles. The chart runs the controller plugin as {@link User#NOBODY}; the node plugin mounts,
   * so it is root.
   */
  CSI_DRIVER("csi-driver", "io.ossmount.csi.CsiDriverMain", User.ROOT, 50, "/tmp"),
  /**
   * Half of its memory is for what is not heap: request buffers, network buffers, the page cache of
   * block files.
   */
  CACHE("cache", "io.ossmount.cache.CacheMain", User.NOBODY, 50, "/var/lib/ossmount/tmp"),
  OSS_EMULATOR("oss-emulator", "io.ossmount.emulator.EmulatorMain", User.NOBODY, 60, "/tmp");

  /** Who the process is when the pod does not say otherwise. */
  enum User {
    ROOT("0:0"),
    NOBODY("65532:65532");

    private final String ids;

    User(String ids) {
      this.ids = ids;
    }

    /** As the image configuration has it, {@code UID:GID}. */
    String ids() {
      return ids;
    }
  }

  private final String module;
  private final String mainClass;
  private final User user;
  private final int heapPercent;
  private final String temporaryDirectory;

  Product(String module, String mainClass, User user, int heapPercent, String temporaryDirectory) {
    this.module = module;
    this.mainClass = mainClass;
    this.user = user;
    this.heapPercent = heapPercent;
    this.temporaryDirectory = temporaryDirectory;
  }

  /** Directory of the module below the project's root. */
  String module() {
    return module;
  }

  String imageName() {
    return "ossmount-" + module;
  }

  String mainClass() {
    return mainClass;
  }

  User user() {
    return user;
  }

  /**
   * What the JVM is told. A container that runs out of heap ends, so that kubelet starts it again;
   * performance data in /tmp would need a writable root file system; a writable directory for
   * temporary files is the pod's business. What the compiler took from the C library's heap at the
   * start goes back to the machine; the buffers that the JDK keeps for each thread that reads or
   * writes files are small.
   */
  List<String> jvmOptions() {
    var options = new ArrayList<String>(compilerOptions());
    options.addAll(threadOptions());
    options.addAll(archiveOptions());
    options.addAll(commonOptions());
    return options;
  }

  /**
   * The cache is called for in bursts. The optimizing compiler, at the JVM's own thresholds, took a
   * third of the processor time of the first thousands of files; at ten times these it still comes
   * to the loops over bytes, which are what runs long.
   */
  private List<String> compilerOptions() {
    return this == CACHE
        ? List.of(
            "-XX:Tier4InvocationThreshold=50000",
            "-XX:Tier4MinInvocationThreshold=20000",
            "-XX:Tier4CompileThreshold=150000",
            "-XX:Tier4BackEdgeThreshold=400000",
            "-XX:+UnlockExperimentalVMOptions",
            "-XX:+AOTCompileEagerly")
        : List.of();
  }

  /**
   * Requests of the cache read and write files on virtual threads, and such a call keeps its
   * carrier. With one carrier for each processor, as the JVM has it, two calls that a slow disk
   * does not answer would stop all sessions of a machine of two. What the others take, stacks of a
   * few hundred KiB at most, is in the memory that the process counts for the JVM.
   */
  private List<String> threadOptions() {
    return this == CACHE ? List.of("-Djdk.virtualThreadScheduler.parallelism=8") : List.of();
  }

  /**
   * The archive of classes of the cache is used where it was made for: elsewhere a start waits for
   * it to be rewritten, which takes 44 MiB that the kernel cannot take back. That the others' lies
   * where nobody can know is kept: they have more rights.
   */
  private List<String> archiveOptions() {
    return this == CACHE
        ? List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0")
        : List.of();
  }

  private List<String> commonOptions() {
    return List.of(
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-XX:+UseSerialGC",
        "-XX:MaxRAMPercentage=" + heapPercent,
        "-XX:+ExitOnOutOfMemoryError",
        "-XX:-UsePerfData",
        "-XX:TrimNativeHeapInterval=10000",
        "-Djdk.nio.maxCachedBufferSize=131072",
        "-Djava.io.tmpdir=" + temporaryDirectory);
  }

  /**
   * Whether its process is started by a supervisor, which starts it again when it ends; the options
   * of that one's JVM are {@link Supervision}'s.
   */
  boolean isSupervised() {
    return this == CACHE;
  }

  static Product ofModule(String module) {
    return valueOf(module.replace('-', '_').toUpperCase(Locale.ROOT));
  }
}
