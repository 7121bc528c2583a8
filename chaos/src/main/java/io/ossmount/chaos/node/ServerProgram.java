package io.ossmount.chaos.node;

import io.ossmount.cache.CacheMain;
import io.ossmount.chaos.scene.Command;
import io.ossmount.chaos.scene.Programs;
import io.ossmount.chaos.scene.Trees;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The server's command line: the rights that it has in a cache pod, the options of its image, and
 * an AOT cache, as the image has one. That is made once for the same jars, and kept.
 */
final class ServerProgram {
  private static final String POD_USER = "65532";

  private static final String SUPERVISOR = "io.ossmount.cache.supervise.SupervisorMain";
  private static final List<String> SUPERVISOR_OPTIONS =
      List.of("-Xmx8m", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");

  /**
   * What the image tells its JVM, but for what it compiles in advance: a spare here has loaded its
   * classes, and no more. The heap is that of a small pod.
   */
  private static final List<String> OPTIONS =
      List.of(
          "-Xmx256m",
          "-Xms16m",
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:-UsePerfData",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:ArchiveRelocationMode=0",
          "-XX:Tier4InvocationThreshold=50000",
          "-XX:Tier4MinInvocationThreshold=20000",
          "-XX:Tier4CompileThreshold=150000",
          "-XX:Tier4BackEdgeThreshold=400000",
          "-Djdk.virtualThreadScheduler.parallelism=8");

  private final Programs programs;
  private final Place place;

  ServerProgram(Programs programs, Place place) {
    this.programs = programs;
    this.place = place;
  }

  /** What a training run does with the server. */
  interface Training {
    /**
     * Starts one and kills it while it is used; starts another one, which goes on, uses it, and
     * ends it in good order.
     */
    void run(List<String> killed, List<String> learning) throws IOException, InterruptedException;
  }

  /** The command line, with an AOT cache that is made now if there is none. */
  List<String> command(Training training) throws IOException, InterruptedException {
    if (place.aotCaches().isEmpty()) {
      return supervised("-XX:AOTMode=off");
    }
    var kept = place.aotCaches().get().resolve(name() + ".aot");
    if (!Files.exists(kept)) {
      make(kept, training);
    }
    var here = place.work().resolve("server.aot");
    Files.copy(kept, here);
    return supervised("-XX:AOTCache=" + here);
  }

  private void make(Path kept, Training training) throws IOException, InterruptedException {
    var ofPod = Files.createDirectories(place.work().resolve("aot"));
    Command.run("chown", POD_USER + ":" + POD_USER, ofPod.toString());
    var made = ofPod.resolve("server.aot");
    training.run(trained("-XX:AOTMode=off"), trained("-XX:AOTCacheOutput=" + made));
    if (!Files.exists(made)) {
      throw new IOException("the JVM made no AOT cache; see " + place.log("server"));
    }
    var directory = kept.resolveSibling("");
    Trees.delete(directory);
    Files.createDirectories(directory);
    Files.copy(made, kept, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Whether the product has a supervisor, PID 1 of the cache pod. */
  static boolean isSupervised() {
    try {
      Class.forName(SUPERVISOR, false, ServerProgram.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException _) {
      return false;
    }
  }

  private List<String> supervised(String option) {
    var command = surroundings();
    command.addAll(rights());
    if (isSupervised()) {
      command.addAll(programs.java(SUPERVISOR, SUPERVISOR_OPTIONS));
    }
    command.addAll(server(option));
    return command;
  }

  private List<String> trained(String option) {
    var command = surroundings();
    command.addAll(rights());
    command.addAll(server(option));
    return command;
  }

  private List<String> surroundings() {
    return new ArrayList<>(
        List.of(
            "env",
            "OSSMOUNT_CONFIGURATION=" + place.configuration(),
            "OSSMOUNT_NODE_DIRECTORY=" + place.pod(),
            "OSSMOUNT_CONTROL_PORT=0",
            "OSSMOUNT_HEALTH_PORT=0"));
  }

  private static List<String> rights() {
    return List.of(
        "setpriv",
        "--reuid=" + POD_USER,
        "--regid=" + POD_USER,
        "--clear-groups",
        "--bounding-set=-all",
        "--inh-caps=-all");
  }

  private List<String> server(String option) {
    var options = new ArrayList<>(OPTIONS);
    options.add(option);
    var command = programs.java(CacheMain.class.getName(), options);
    command.add("serve");
    return command;
  }

  /** Of all that a JVM compares. */
  private String name() throws IOException {
    var text = new StringBuilder(System.getProperty("java.vm.version")).append(OPTIONS);
    for (var jar : programs.classPath().split(File.pathSeparator, -1)) {
      var path = Path.of(jar);
      text.append(path.getFileName())
          .append(Files.size(path))
          .append(Files.getLastModifiedTime(path).toMillis());
    }
    return UUID.nameUUIDFromBytes(text.toString().getBytes(StandardCharsets.UTF_8)).toString();
  }
}
