package io.ossmount.operator.mounttest;

import static java.util.Comparator.comparing;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.ossmount.api.v1alpha1.Condition;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.OssMountTest;
import io.ossmount.operator.mounttest.ObservedTest.RunningJob;
import io.ossmount.operator.mounttest.ObservedTest.TestedMount;
import io.ossmount.operator.observe.Trouble;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all that is known of a test. Each thing is asked for, not watched: few tests go on at a
 * time, each for minutes, and their logs can only be asked for. Safe for use by many threads.
 */
final class TestObserver {
  private static final Logger LOG = LoggerFactory.getLogger(TestObserver.class);

  /** Written by the Job controller. */
  private static final String JOB_LABEL = "batch.kubernetes.io/job-name";

  /** A hundred rows of the longest messages, and some lines besides. */
  private static final int MOST_LOG_BYTES = 512 << 10;

  private static final long MOST_EVENTS = 50;
  private static final int MOST_CHARS = 512;

  private final KubernetesClient client;
  private final Clock clock;

  TestObserver(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /**
   * Reads.
   *
   * @throws KubernetesClientException if the API server does not answer
   */
  ObservedTest observe(OssMountTest test) {
    var identity = TestIdentity.of(test);
    var spec = test.getSpec();
    var job =
        client
            .batch()
            .v1()
            .jobs()
            .inNamespace(identity.namespace())
            .withName(identity.jobName())
            .get();
    var pod = job == null ? Optional.<Pod>empty() : pod(identity);
    return new ObservedTest(
        identity,
        spec,
        test.getStatus(),
        mount(identity.namespace(), spec.ossMountRef().name()),
        job == null ? null : job(job, pod),
        pod.map(this::log).orElse(RunLog.NONE),
        clock.instant());
  }

  private @Nullable TestedMount mount(String namespace, String name) {
    var mount = client.resources(OssMount.class).inNamespace(namespace).withName(name).get();
    if (mount == null) {
      return null;
    }
    var ready =
        Optional.ofNullable(mount.getStatus()).stream()
            .flatMap(status -> status.conditions().stream())
            .filter(condition -> condition.type().equals("Ready"))
            .findFirst();
    return new TestedMount(
        mount.getSpec(),
        ready
            .filter(condition -> condition.status() == Condition.Status.True)
            .filter(condition ->
                Objects.equals(condition.observedGeneration(), mount.getMetadata().getGeneration()))
            .isPresent(),
        ready
            .map(condition -> condition.reason() + ": " + condition.message())
            .orElse("the operator has not looked at it yet"));
  }

  private Optional<Pod> pod(TestIdentity test) {
    return client
        .pods()
        .inNamespace(test.namespace())
        .withLabel(JOB_LABEL, test.jobName())
        .list()
        .getItems()
        .stream()
        .max(comparing(pod -> pod.getMetadata().getCreationTimestamp()));
  }

  private RunningJob job(Job job, Optional<Pod> pod) {
    var conditions =
        Stream.ofNullable(job.getStatus())
            .flatMap(status -> status.getConditions().stream())
            .filter(condition -> "True".equals(condition.getStatus()))
            .toList();
    return new RunningJob(
        conditions.stream()
            .anyMatch(c -> "Complete".equals(c.getType()) || "Failed".equals(c.getType())),
        conditions.stream().anyMatch(c -> "DeadlineExceeded".equals(c.getReason())),
        pod.map(this::trouble).orElse(""));
  }

  private String trouble(Pod pod) {
    var state = state(pod);
    if (state.map(ContainerState::getTerminated).isPresent()) {
      return cut(ending(state.get().getTerminated()));
    }
    var trouble = Trouble.of(pod);
    if (trouble != null) {
      return trouble.message();
    }
    return state.map(ContainerState::getRunning).isPresent() ? "" : cut(warning(pod));
  }

  private static String ending(ContainerStateTerminated end) {
    var last = Objects.requireNonNullElse(end.getMessage(), "").strip();
    return "exit status %d (%s)%s"
        .formatted(
            end.getExitCode(), end.getReason(), last.isEmpty() || isRow(last) ? "" : ": " + last);
  }

  /** Its log, of which kubelet takes the end: what it tells is told already. */
  private static boolean isRow(String text) {
    return text.contains("\"ossmountTest\"");
  }

  /** What kubelet last said of a pod whose volumes are not there yet. */
  private String warning(Pod pod) {
    return client
        .v1()
        .events()
        .inNamespace(pod.getMetadata().getNamespace())
        .withField("involvedObject.uid", pod.getMetadata().getUid())
        .list(new ListOptionsBuilder().withLimit(MOST_EVENTS).build())
        .getItems()
        .stream()
        .filter(event -> "Warning".equals(event.getType()))
        .max(comparing(event -> Objects.requireNonNullElse(event.getLastTimestamp(), "")))
        .map(TestObserver::inWords)
        .orElse("");
  }

  private static String inWords(Event event) {
    return event.getReason() + ": " + Objects.requireNonNullElse(event.getMessage(), "");
  }

  /** Only of a container that has begun. */
  private RunLog log(Pod pod) {
    var state = state(pod);
    if (state.map(ContainerState::getRunning).isEmpty()
        && state.map(ContainerState::getTerminated).isEmpty()) {
      return RunLog.NONE;
    }
    try {
      return RunLog.parse(
          Objects.requireNonNullElse(
              client
                  .pods()
                  .inNamespace(pod.getMetadata().getNamespace())
                  .withName(pod.getMetadata().getName())
                  .inContainer(TestJob.CONTAINER)
                  .limitBytes(MOST_LOG_BYTES)
                  .getLog(),
              ""));
    } catch (KubernetesClientException e) {
      LOG.info("No log of pod {}: {}", pod.getMetadata().getName(), e.getMessage());
      return RunLog.UNREAD;
    }
  }

  private static Optional<ContainerState> state(Pod pod) {
    return Stream.ofNullable(pod.getStatus())
        .flatMap(status -> status.getContainerStatuses().stream())
        .findFirst()
        .map(ContainerStatus::getState);
  }

  private static String cut(String text) {
    return text.length() <= MOST_CHARS ? text : text.substring(0, MOST_CHARS) + "...";
  }
}
