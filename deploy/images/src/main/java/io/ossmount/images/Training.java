package io.ossmount.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Runs the cache process once as it is in its image, so that the JVM can keep what it has loaded,
 * linked and learned: an AOT cache, with which it starts with about a third of the processor time.
 * What it has initialized is kept as well, for a spare to do the same.
 *
 * <p>The JVM takes such a cache only with the same options, and with jars of the same size and
 * time. So the process runs from copies of the jars that have the times of the image's layers; the
 * directory may be another one. Without a mount, see {@link Stage}, the cache has less in it.
 *
 * <p>What has to be quick is to go on where a killed process has left off. So one is killed before,
 * with files open and requests on the way, and this one takes its session over.
 *
 * @param runtime of the image
 * @param cache the image without an AOT cache
 * @param emulator the class path of the emulator
 * @param output takes what was learned, named after what it was learned of, and what is needed
 *     meanwhile
 */
record Training(JavaRuntime runtime, Image cache, ClassPath emulator, Path output) {
  /** Objects are kept as they are in a small heap, which every pod has. */
  private static final String HEAP = "-Xmx512m";

  private static final long CACHE_BYTES = 1L << 30;

  private static final int FILES = 500;

  /** What programs do with files: often enough that the JVM learns what is called for. */
  private static final String WORK =
      """
      cd "$1"
      ls -lR . nothing >/dev/null || true
      cat directory/* >/dev/null
      dd if=large of=/dev/null bs=64k status=none
      dd if=large of=/dev/null bs=4k skip=100 count=1 status=none
      echo new >new && cat new && mkdir made && mv new made && rm -r made
      mkdir tree
      for i in 1 2 3 4 5 6 7 8 9; do echo "$i" >tree/"$i"; echo more >>tree/"$i"; done
      mv tree/1 tree/2 && mv tree/3 tree/three && rm tree/4 && ln -s 5 tree/link && cat tree/link
      chmod 600 tree/5 && touch tree/6 && cp tree/7 tree/seven && head -c 1 tree/absent 2>/dev/null || true
      dd if=/dev/zero of=tree/large bs=1M count=24 conv=fsync status=none
      tar -c tree | tar -x -C directory
      rm -r tree directory/tree
      """;

  /** Has files open, and asks on and on, until it is killed. */
  private static final String HOLD =
      """
      cd "$1"
      exec 3<large 4>kept
      echo kept >&4
      echo ready
      while :; do
        ls -lR . >/dev/null 2>&1 || true
        cat directory/* >/dev/null 2>&1 || true
      done
      """;

  private static final Pattern READY = Pattern.compile("ready");

  /** What was learned: now, or before of the same things. */
  Learned learned() throws IOException, InterruptedException, GeneralSecurityException {
    var made = output.resolve(cache.digest().substring(0, 12));
    if (!Files.exists(made)) {
      Trees.delete(output);
      var place = Files.createDirectories(output.resolve("place"));
      var unfinished = Files.createDirectories(output.resolve("unfinished"));
      run(place, new Learned(unfinished));
      Files.move(unfinished, made);
      Trees.delete(place);
    }
    return new Learned(made);
  }

  private void run(Path place, Learned learned)
      throws IOException, InterruptedException, GeneralSecurityException {
    var log = place.resolve("cache.log");
    // More than one: the JVM that makes the cache of what this one has learned has a log as well.
    var logs = Files.createDirectories(place.resolve("initializations"));
    try (var stage = Stage.set(place, emulator, objects(place), CACHE_BYTES)) {
      var options = cache.layOut(place.resolve("image"));
      var learning =
          command(
              place,
              stage,
              List.of(
                  "@" + options,
                  "-XX:AOTCacheOutput=" + learned.aotCache(),
                  "-Xlog:class+init=info:file=" + logs + "/%p.log"));
      if (stage.isMounted()) {
        goOn(stage, place, command(place, stage, List.of("@" + options)), learning, log);
      } else {
        try (var process = called(learning, log)) {
          stage.awaitServed(process);
          process.end();
        }
      }
    }
    if (!Files.exists(learned.aotCache())) {
      throw new IOException("the JVM made no AOT cache: " + Files.readString(log));
    }
    learned.keepClasses(logs);
  }

  /** Learns from a session that a killed process leaves. */
  private static void goOn(
      Stage stage, Path place, List<String> command, List<String> learning, Path log)
      throws IOException, InterruptedException {
    var target = stage.target().toString();
    var hold = List.of("sh", "-ec", HOLD, "sh", target);
    try (var killed = called(command, place.resolve("killed.log"))) {
      stage.awaitServed(killed);
      try (var holder = Child.start(hold, place.resolve("holder.log"))) {
        holder.await(READY);
        killed.kill();
        try (var process = called(learning, log)) {
          stage.awaitServed(process);
          Command.run(List.of("sh", "-ec", WORK, "sh", target));
          holder.kill();
          stage.unmount();
          process.end();
        }
      }
    }
  }

  /** Has its supervisor call it, for the first time. */
  private static Child called(List<String> command, Path log) throws IOException {
    var process = Child.start(command, log);
    process.say("0\n");
    return process;
  }

  private static Path objects(Path place) throws IOException {
    var objects = place.resolve("objects");
    Files.createDirectories(objects.resolve("directory"));
    for (int i = 0; i < FILES; i++) {
      Files.write(objects.resolve("directory/small-" + i), new byte[64 << 10]);
    }
    Files.write(objects.resolve("large"), new byte[64 << 20]);
    return objects;
  }

  private List<String> command(Path place, Stage stage, List<String> options) {
    var command = new ArrayList<String>();
    // As its supervisor starts it, see called.
    command.addAll(List.of("env", "OSSMOUNT_PULSE=" + place.resolve("pulse")));
    command.addAll(stage.environment());
    command.add(runtime.home().resolve("bin/java").toString());
    command.addAll(options);
    command.addAll(List.of(HEAP, "-Djava.io.tmpdir=" + place));
    command.add(cache.product().mainClass());
    command.add("serve");
    return command;
  }
}
