package io.ossmount.bench;

import io.ossmount.bench.Goal.Bound;
import io.ossmount.bench.Goal.Yardstick;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/** How soon the process of a mount serves, also after another, and how much memory it takes. */
final class ProcessComparisons {
  /** As much as a reader that has begun has read ahead, so that all windows are open. */
  private static final int BEGINNING_BYTES = 8 << 20;

  /** Cold ones and as many warm ones, which go on over the change of processes. */
  private static final int READS = 100;

  private final Bed bed;

  ProcessComparisons(Bed bed) {
    this.bed = bed;
  }

  List<Comparison> all() {
    return List.of(
        firstByte("P11-warm", false), firstByte("P11-empty", true), idle(), readers(), recovery());
  }

  private Comparison firstByte(String id, boolean isEmpty) {
    return new Sides(bed)
        .mounts(mount ->
            Trial.of(mount, () -> stop(mount, isEmpty), () -> firstByte(mount))
                .prepared(() -> firstFile(mount))
                .withoutCpuTime())
        .amount(
            id,
            "from the start of the process to the first byte of a file, %s cache"
                .formatted(isEmpty ? "empty" : "warm"),
            "s, less is better",
            Goal.of(new Bound(Yardstick.FIGURE, 1)));
  }

  private static double stop(Mount mount, boolean isEmpty)
      throws IOException, InterruptedException {
    if (isEmpty) {
      mount.empty();
    } else {
      mount.close();
    }
    Machine.sync();
    return 0;
  }

  private static double firstByte(Mount mount) throws IOException, InterruptedException {
    long started = System.nanoTime();
    mount.start();
    firstFile(mount);
    return (System.nanoTime() - started) / 1e9;
  }

  private static double firstFile(Mount mount) throws IOException {
    FileWork.readBeginning(mount.point().resolve(Data.smallKeys().getFirst()), 1);
    return 0;
  }

  private Comparison idle() {
    return new Sides(bed)
        .mounts(mount -> Trial.of(mount, mount::cold, mount::residentMebibytes).withoutCpuTime())
        .amount(
            "P11-idle",
            "memory of the process, idle, after 500 small files were read",
            "MiB, less is better",
            Goal.of(new Bound(Yardstick.FIGURE, 160)));
  }

  /** Without the peers, of which some take 10 GiB for it. */
  private Comparison readers() {
    return new Sides(bed)
        .ossmount(mount -> Trial.of(mount, mount::cold, () -> peak(mount)))
        .amount(
            "P11-readers",
            "most memory of the process while %d readers each begin a large object, cold"
                .formatted(Data.MANY_OBJECTS),
            "MiB, less is better",
            Goal.of(new Bound(Yardstick.FIGURE, 1024)));
  }

  private static double peak(Mount mount) throws IOException, InterruptedException {
    List<Path> files = Data.manyKeys().stream().map(mount.point()::resolve).toList();
    mount.process().forgetPeak();
    FileWork.readBeginnings(files, BEGINNING_BYTES);
    return mount.process().peakMebibytes();
  }

  /** Without the peers, whose mounts end with their process. */
  private Comparison recovery() {
    List<String> cold = new ArrayList<>(Data.smallKeys());
    // In no order: what comes next is not read ahead.
    Collections.shuffle(cold, new Random(14));
    Iterator<String> next = cold.iterator();
    return new Sides(bed)
        .ossmount(_ -> Trial.direct(Machine::drop, () -> recovery(next)).prepared(this::pod))
        .atMost(2 * Data.SMALL_FILES / READS)
        .amount(
            "P14",
            "from the start of the next process to the end of a read that was outstanding at the"
                + " SIGKILL of the one before",
            "s, less is better",
            Goal.of(new Bound(Yardstick.FIGURE, 1)));
  }

  private double pod() throws IOException, InterruptedException {
    bed.pod();
    return 0;
  }

  /** OSS does not answer meanwhile, so that the read of a cold file lasts until the kill. */
  private double recovery(Iterator<String> cold) throws IOException, InterruptedException {
    Pod pod = bed.pod();
    List<Work> reads = new ArrayList<>();
    for (int i = 0; i < READS / 2; i++) {
      String key = cold.next();
      // So that it is not the look at its size that waits for OSS.
      Files.size(pod.point().resolve(key));
      reads.add(() -> smallFile(pod, key));
      reads.add(() -> smallFile(pod, key.replace(Data.SMALL, Data.OTHER)));
    }
    bed.emulator().freeze();
    Reader reader;
    try {
      reader = Reader.start(reads, System::nanoTime);
      pod.awaitStuck();
      pod.kill();
    } finally {
      bed.emulator().thaw();
    }
    long started = System.nanoTime();
    pod.start();
    return reader.secondsFrom(started);
  }

  private static double smallFile(Pod pod, String key) throws IOException {
    FileWork.readBeginning(pod.point().resolve(key), Data.SMALL_BYTES);
    return 0;
  }
}
