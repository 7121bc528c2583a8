package io.ossmount.cache;

import io.ossmount.cache.config.MountSettings.Credentials;
import io.ossmount.cache.config.MountSettings.Source;
import io.ossmount.cache.config.MountSettings.Timeouts;
import io.ossmount.cache.selftest.JsonLines;
import io.ossmount.cache.selftest.Lateness;
import io.ossmount.cache.selftest.Pair;
import io.ossmount.cache.selftest.Reporter;
import io.ossmount.cache.selftest.SelfTest;
import io.ossmount.cache.selftest.Subject;
import io.ossmount.cache.selftest.TextLines;
import io.ossmount.cache.store.RetryingObjectStore;
import io.ossmount.cache.store.oss.OssObjectStore;
import io.ossmount.cache.store.oss.OssProbe;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Tests a mount that is there: what the Job of an OssMountTest runs (the operator's {@code
 * mounttest.TestJob} writes its arguments), and anybody with a mount.
 */
@Command(
    name = "test",
    mixinStandardHelpOptions = true,
    description = {
      "Tests a mount and its bucket: each pair of read and write mode, the store's own semantics,",
      "and whether both show the same. Leaves default_tests_files/BasicFile_* to look at.",
      "Exits with 1 when a test has failed."
    })
final class TestCommand implements Callable<Integer> {
  /** One request with its retries: a test must not take longer than it. */
  private static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(20));

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private SourceOptions where = new SourceOptions();

  @Option(
      names = "--mount",
      required = true,
      paramLabel = "MODES=PATH",
      description = "Such as Cache_Through=/mnt/data; once for each pair of modes.")
  private List<String> mounts = List.of();

  @Option(
      names = "--credentials",
      paramLabel = "DIRECTORY",
      description = "With the files of a mounted Secret; else as for mount.")
  private Optional<Path> credentialsDirectory = Optional.empty();

  @Option(names = "--read-only", description = "Only what writes nothing.")
  private boolean isReadOnly;

  @Option(names = "--clean-up", description = "Leave nothing.")
  private boolean isCleanUp;

  @Option(
      names = "--except",
      paramLabel = "NAME",
      description = "An entry of the mount's root that is not of this bucket.")
  private Set<String> except = Set.of();

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      defaultValue = "70",
      description = "How long an upload in the background may take; ${DEFAULT-VALUE}.")
  private int patienceSeconds;

  @Option(
      names = "--late",
      paramLabel = "SECONDS",
      defaultValue = "70",
      description = {
        "How long the mount may show what was before, and a",
        "difference does not count; ${DEFAULT-VALUE}."
      })
  private long lateSeconds;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      description = {
        "How long that is waited for; what is not decided then is",
        "skipped. Default: as long as --late."
      })
  private Optional<Long> waitSeconds = Optional.empty();

  @Option(names = "--json", description = "A line of JSON for each test.")
  private boolean isJson;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Credentials credentials = credentials();
    Source source = where.source(spec.commandLine(), Optional.of(credentials));
    PrintWriter out = spec.commandLine().getOut();
    Reporter reporter = isJson ? new JsonLines(out) : new TextLines(out);
    try (OssObjectStore oss = OssObjectStore.connect(source, TIMEOUTS);
        OssProbe probe = OssProbe.connect(source, credentials, TIMEOUTS)) {
      Subject subject =
          new Subject(
              new RetryingObjectStore(oss, TIMEOUTS::operation, _ -> {}),
              probe,
              source.prefix(),
              pairs(),
              options());
      return new SelfTest(subject, reporter, redacting(credentials)).run() ? 0 : 1;
    }
  }

  private Subject.Options options() {
    String run = String.format(Locale.ROOT, "%08x", ThreadLocalRandom.current().nextInt());
    return new Subject.Options(
        isReadOnly,
        isCleanUp,
        run,
        except,
        Duration.ofSeconds(patienceSeconds),
        new Lateness(
            Duration.ofSeconds(lateSeconds), Duration.ofSeconds(waitSeconds.orElse(lateSeconds))));
  }

  private List<Pair> pairs() {
    try {
      return mounts.stream().map(Pair::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--mount: " + String.valueOf(e.getMessage()));
    }
  }

  private Credentials credentials() throws IOException {
    Optional<Credentials> found =
        credentialsDirectory.isPresent()
            ? CredentialFiles.in(credentialsDirectory.get())
            : MountCommand.credentials(System.getenv());
    return found.orElseThrow(
        () -> new CommandLine.ParameterException(spec.commandLine(), "there is no access key"));
  }

  /** OSS does not answer with these; should it ever, they are not passed on. */
  private static UnaryOperator<String> redacting(Credentials credentials) {
    return text ->
        credentials
            .securityToken()
            .map(token -> text.replace(token, "(token)"))
            .orElse(text)
            .replace(credentials.accessKeySecret(), "(secret)");
  }
}
