package io.ossmount.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.store.oss.EmulatedOss;
import io.ossmount.cache.store.oss.Unset;
import io.ossmount.fuse.kernel.FuseMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The metrics of a mount, after it was used. Needs root, /dev/fuse, Linux 6.9 and a temporary
 * directory on a disk's own file system.
 */
@Timeout(120)
final class MetricsIT {
  private static final Path DOCUMENT = Path.of("..", "docs", "METRICS.md");
  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z0-9_]+)` \\| (counter|gauge|histogram|summary) \\|([^|]*)\\|.*");
  private static final Pattern LABEL = Pattern.compile("`(\\w+)`");
  private static final Pattern PORT = Pattern.compile("metrics are on port (\\d+)");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SMALL = 64 << 10;
  private static final int LARGE = 5 << 20;

  @TempDir Path directory;
  private EmulatedOss oss = Unset.value();
  private Path target = Unset.value();
  private Process process = Unset.value();
  private int port;

  @BeforeEach
  void mount() throws IOException {
    oss = new EmulatedOss(directory.resolve("oss"));
    oss.put("small", new byte[SMALL]);
    oss.put("large", new byte[LARGE]);
    target = Files.createDirectory(directory.resolve("mnt"));
    Path log = directory.resolve("log");
    process =
        MountProcess.start(
            log,
            "secret",
            EmulatedOss.BUCKET,
            target.toString(),
            "--endpoint=" + oss.emulator().endpoint(),
            "--region=" + EmulatedOss.REGION,
            "--path-style",
            "--cache-dir=" + directory.resolve("cache"),
            "--metrics-port=0");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(log).content().contains("is mounted on"));
    Matcher said = PORT.matcher(Files.readString(log));
    assertThat(said.find()).isTrue();
    port = Integer.parseInt(said.group(1));
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      FuseMount.detach(target);
    }
    oss.close();
  }

  @Test
  void the_document_lists_what_is_shown_and_nothing_else() throws IOException {
    assertThat(target.resolve("small")).hasSize(SMALL);
    assertThat(target.resolve("none")).doesNotExist();

    Scrape shown = Scrape.of(port);

    Set<String> metrics = new TreeSet<>();
    shown
        .types()
        .forEach((name, type) -> metrics.add(name + " " + type + " " + shown.labels().get(name)));
    assertThat(metrics).isEqualTo(documented());
  }

  @Test
  void a_small_file_is_read_in_passthrough_from_its_first_open_on() throws IOException {
    assertThat(Files.readAllBytes(target.resolve("small"))).hasSize(SMALL);
    assertThat(Files.readAllBytes(target.resolve("small"))).hasSize(SMALL);

    awaitShown(shown -> {
      assertThat(shown.value("ossmount_opens_total{mode=\"passthrough\"}")).isEqualTo(2);
      assertThat(shown.value("ossmount_opens_total{mode=\"page_cache\"}")).isZero();
      assertThat(shown.value("ossmount_sessions{passthrough=\"available\"}")).isEqualTo(1);
      assertThat(shown.value("ossmount_fetched_bytes_total")).isEqualTo(SMALL);
      assertThat(shown.value("ossmount_store_received_bytes_total")).isEqualTo(SMALL);
      assertThat(shown.value(requests("GET", "ok"))).isEqualTo(1);
      assertThat(shown.value(requests("GET_BODY", "ok"))).isEqualTo(1);
      assertThat(shown.value(opcode("OPEN"))).isEqualTo(2);
      assertThat(shown.count(opcode("READ"))).isZero();
      assertThat(shown.value("ossmount_cache_used_bytes")).isGreaterThan(SMALL);
    });
  }

  @Test
  void a_large_file_is_read_by_requests_from_the_store_first() throws IOException {
    assertThat(Files.readAllBytes(target.resolve("large"))).hasSize(LARGE);

    awaitShown(shown -> {
      assertThat(shown.value("ossmount_opens_total{mode=\"page_cache\"}")).isEqualTo(1);
      assertThat(shown.value("ossmount_fetched_bytes_total")).isEqualTo(LARGE);
      assertThat(bytes(shown, "cache") + bytes(shown, "store")).isEqualTo(LARGE);
      assertThat(bytes(shown, "store")).isPositive();
      assertThat(shown.value("ossmount_read_hit_ratio")).isEqualTo(bytes(shown, "cache") / LARGE);
      double reads = shown.value(opcode("READ"));
      assertThat(
              shown.value("ossmount_reads_total{source=\"cache\"}")
                  + shown.value("ossmount_reads_total{source=\"store\"}"))
          .isEqualTo(reads);
      assertThat(shown.value("ossmount_read_ahead_bytes_total")).isBetween(1.0, (double) LARGE);
    });
    await().untilAsserted(() -> assertThat(Scrape.of(port).value("ossmount_ahead_bytes")).isZero());
  }

  @Test
  void what_is_written_is_counted_when_oss_has_it() throws IOException {
    Files.write(target.resolve("new"), new byte[1000]);

    awaitShown(shown -> {
      assertThat(shown.value("ossmount_uploads_total{result=\"done\"}")).isEqualTo(1);
      assertThat(shown.value("ossmount_store_sent_bytes_total")).isEqualTo(1000);
      assertThat(shown.value(requests("PUT", "ok"))).isEqualTo(1);
      assertThat(shown.value(opcode("WRITE"))).isPositive();
    });
  }

  @Test
  void errors_are_counted_by_what_was_asked_and_what_was_answered() throws IOException {
    assertThat(target.resolve("none")).doesNotExist();
    oss.emulator().keys().remove("id");
    assertThat(target.resolve("large"))
        .satisfies(file -> {
          Process cat =
              new ProcessBuilder("cat", file.toString())
                  .redirectErrorStream(true)
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                  .start();
          assertThat(cat.waitFor(30, TimeUnit.SECONDS)).isTrue();
          assertThat(cat.exitValue()).isNotZero();
        });

    awaitShown(shown -> {
      String denied = "{errno=\"EACCES\",opcode=\"LOOKUP\"}";
      assertThat(shown.value("ossmount_fuse_errors_total" + denied)).isPositive();
      assertThat(shown.value(requests("LIST", "denied"))).isPositive();
      assertThat(shown.value("ossmount_store_failures_total{outcome=\"denied\"}")).isPositive();
    });
  }

  /** A request is counted after its answer. */
  private void awaitShown(Consumer<Scrape> expected) {
    await().untilAsserted(() -> expected.accept(Scrape.of(port)));
  }

  private static double bytes(Scrape shown, String source) {
    return shown.value("ossmount_read_bytes_total{source=\"" + source + "\"}");
  }

  private static String opcode(String name) {
    return "ossmount_fuse_request_seconds_count{opcode=\"%s\"}".formatted(name);
  }

  private static String requests(String operation, String outcome) {
    return "ossmount_store_request_seconds_count{operation=\"%s\",outcome=\"%s\"}"
        .formatted(operation, outcome);
  }

  private static Set<String> documented() throws IOException {
    Set<String> rows = new TreeSet<>();
    for (String line : Files.readAllLines(DOCUMENT)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        Set<String> labels = new TreeSet<>();
        LABEL.matcher(row.group(3)).results().forEach(label -> labels.add(label.group(1)));
        rows.add(row.group(1) + " " + row.group(2) + " " + labels);
      }
    }
    return rows;
  }
}
