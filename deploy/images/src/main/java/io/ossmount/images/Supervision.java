package io.ossmount.images;

import java.util.List;

/** How the process that is PID 1 of a cache pod runs: in as little memory as a JVM can do with. */
final class Supervision {
  static final String MAIN_CLASS = "io.ossmount.cache.supervise.SupervisorMain";

  /**
   * Without a compiler: it looks once a second. Measured, see {@code docs/RELIABILITY.md}. What it
   * needs beyond the JDK's own archive of classes is a handful.
   */
  static final List<String> JVM_OPTIONS =
      List.of(
          // For processes that are not its own, see the cache's supervise.Orphans.
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "-Djdk.reflect.useNativeAccessorOnly=true",
          "-Xint",
          "-XX:+UseSerialGC",
          "-Xms2m",
          "-Xmx4m",
          "-Xss256k",
          "-XX:ReservedCodeCacheSize=4m",
          "-XX:-UsePerfData",
          // Where it was made for, the archive of classes stays the file's, which the kernel can
          // take back; elsewhere 7 MiB of it are rewritten.
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:ArchiveRelocationMode=0",
          "-XX:+ExitOnOutOfMemoryError",
          // For the pulse, where there is no shared memory: /tmp may not be written to.
          "-Djava.io.tmpdir=/var/lib/ossmount/tmp");

  private Supervision() {}
}
