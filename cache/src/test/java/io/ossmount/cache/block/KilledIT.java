package io.ossmount.cache.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.oss.EmulatedOss;
import io.ossmount.cache.store.oss.OssObjectStore;
import io.ossmount.emulator.api.Operation;
import io.ossmount.emulator.fault.Effect;
import io.ossmount.emulator.fault.Fault;
import io.ossmount.emulator.log.RequestRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process that fills the cache is killed again and again: the next one has every block that was
 * whole, and no wrong byte. Needs root and /dev/fuse. A failure tells the seed; {@code
 * -Dossmount.seed=N} repeats it, {@code -Dossmount.kills=N} kills so often.
 */
@Timeout(1200)
final class KilledIT {
  private static final long SEED = Long.getLong("ossmount.seed", System.nanoTime() % 1_000_000);
  private static final int KILLS = Integer.getInteger("ossmount.kills", 4);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MIB = 1 << 20;

  @TempDir Path directory;
  private final Map<ObjectVersion, byte[]> objects = new LinkedHashMap<>();
  private final List<Process> processes = new ArrayList<>();
  private final Random random = new Random(SEED);

  @AfterEach
  void end() throws IOException, InterruptedException {
    for (Process process : processes) {
      kill(process);
    }
  }

  private Path target() {
    return directory.resolve("mnt");
  }

  @Test
  void whatWasWholeIsNotFetchedAgainAndNothingIsWrong() throws Exception {
    Files.createDirectory(target());
    try (EmulatedOss oss = new EmulatedOss(directory.resolve("oss"))) {
      putAll(oss);
      // So that a kill finds many on the way.
      oss.emulator()
          .faults()
          .add(Fault.on(Operation.GET_OBJECT).gives(new Effect.SlowBody(8L * MIB)));
      int known = 0;
      for (int i = 0; i <= KILLS; i++) {
        Map<ObjectVersion, BlockMap> before = present();
        known = Math.max(known, count(before));
        oss.emulator().requests().clear();
        if (i == KILLS) {
          oss.emulator().faults().clear();
        }
        Process process = start(oss);
        fill(oss, process, KILLS - i);
        assertNotFetched(before, oss.emulator().requests().of(Operation.GET_OBJECT));
      }
      assertThat(known).isPositive();
    } catch (Exception | AssertionError e) {
      throw new AssertionError("-Dossmount.seed=" + SEED, e);
    }
  }

  private void putAll(EmulatedOss oss) {
    try (OssObjectStore store = oss.store()) {
      for (int i = 0; i < 12; i++) {
        int size = i % 2 == 0 ? 1 + random.nextInt(MIB) : 2 * MIB + random.nextInt(6 * MIB);
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        oss.put("object-" + i, bytes);
        objects.put(store.head("object-" + i).orElseThrow().version(), bytes);
      }
    }
  }

  private Process start(EmulatedOss oss) throws IOException {
    Path log = directory.resolve("log-" + processes.size());
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "io.ossmount.cache.CacheMain",
            "mount",
            EmulatedOss.BUCKET,
            target().toString(),
            "--endpoint",
            oss.emulator().endpoint(),
            "--region",
            EmulatedOss.REGION,
            "--path-style",
            "--read-only",
            "--cache-dir",
            directory.resolve("cache").toString());
    builder.environment().put("OSS_ACCESS_KEY_ID", EmulatedOss.CREDENTIALS.accessKeyId());
    builder.environment().put("OSS_ACCESS_KEY_SECRET", EmulatedOss.CREDENTIALS.accessKeySecret());
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    processes.add(process);
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> assertThat(log).content().contains("is mounted on"));
    return process;
  }

  /**
   * Reads all in a random order, by several at once, until the process is killed; the last time not
   * before a block is whole.
   *
   * @param killsLeft 0: to the end
   */
  private void fill(EmulatedOss oss, Process process, int killsLeft) throws Exception {
    boolean toTheEnd = killsLeft == 0;
    List<Map.Entry<ObjectVersion, byte[]>> order = new ArrayList<>(objects.entrySet());
    java.util.Collections.shuffle(order, random);
    long bytes = objects.keySet().stream().mapToLong(ObjectVersion::size).sum();
    long killAfter = toTheEnd ? Long.MAX_VALUE : random.nextLong(bytes / (KILLS + 1) + 1);
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      List<Future<Boolean>> readers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int first = i;
        readers.add(
            threads.submit(() -> {
              boolean read = true;
              for (int j = first; read && j < order.size(); j += 3) {
                read = read(order.get(j).getKey().key(), order.get(j).getValue());
              }
              return read;
            }));
      }
      if (!toTheEnd) {
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(1))
            .until(() ->
                (oss.emulator().requests().bytesOut(Operation.GET_OBJECT) >= killAfter
                        || readers.stream().allMatch(Future::isDone))
                    && (killsLeft > 1 || count(present()) > 0));
        kill(process);
      }
      for (Future<Boolean> reader : readers) {
        boolean isWhole = reader.get();
        assertThat(isWhole || !toTheEnd).isTrue();
      }
    }
  }

  /** Whether all of it could be read; what could be is right. */
  private boolean read(String key, byte[] expected) {
    ByteBuffer into = ByteBuffer.allocate(expected.length);
    boolean isWhole;
    try (FileChannel file = FileChannel.open(target().resolve(key))) {
      while (into.hasRemaining() && file.read(into) >= 0) {
        // Up to the end of the file.
      }
      isWhole = true;
    } catch (IOException e) {
      isWhole = false;
    }
    int end = isWhole ? expected.length : into.position();
    assertThat(Arrays.equals(into.array(), 0, into.position(), expected, 0, end))
        .as("%s up to %d", key, into.position())
        .isTrue();
    return isWhole;
  }

  private void kill(Process process) throws IOException, InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    if (Files.readString(Path.of("/proc/self/mountinfo")).contains(" " + target() + " ")) {
      assertThat(new ProcessBuilder("umount", "-l", target().toString()).start().waitFor())
          .isZero();
    }
  }

  /** The blocks that the killed process has said to be whole. */
  private Map<ObjectVersion, BlockMap> present() throws IOException {
    Map<ObjectVersion, BlockMap> present = new LinkedHashMap<>();
    for (ObjectVersion version : objects.keySet()) {
      VersionName name = VersionName.of(EmulatedOss.BUCKET, version);
      Path map = directory.resolve("cache/blocks/" + name + VersionFiles.MAP);
      Optional<MapFile.BlocksOnDisk> there =
          Files.exists(map) ? MapFile.peek(map) : Optional.empty();
      there.ifPresent(found -> present.put(version, found.map()));
    }
    return present;
  }

  private static int count(Map<ObjectVersion, BlockMap> maps) {
    return maps.values().stream().mapToInt(KilledIT::count).sum();
  }

  private static int count(BlockMap map) {
    int count = 0;
    for (int block = 0; block < map.count(); block++) {
      count += map.isPresent(block) ? 1 : 0;
    }
    return count;
  }

  private static void assertNotFetched(
      Map<ObjectVersion, BlockMap> present, List<RequestRecord> gets) {
    for (RequestRecord get : gets) {
      present.forEach((version, map) -> {
        if (version.key().equals(get.key())) {
          String range = get.range().substring("bytes=".length());
          int dash = range.indexOf('-');
          int first = Blocks.at(Long.parseLong(range.substring(0, dash)));
          int last = Blocks.at(Long.parseLong(range.substring(dash + 1)));
          for (int block = first; block <= last; block++) {
            assertThat(map.isPresent(block))
                .as("block %d of %s was whole, and is fetched by %s", block, get.key(), range)
                .isFalse();
          }
        }
      });
    }
  }
}
