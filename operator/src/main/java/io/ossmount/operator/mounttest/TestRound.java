package io.ossmount.operator.mounttest;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.ossmount.api.Labels;
import io.ossmount.api.v1alpha1.OssMountTest;
import io.ossmount.api.v1alpha1.OssMountTestStatus;
import io.ossmount.operator.apply.Applier;
import io.ossmount.operator.apply.Refusal;
import io.ossmount.operator.render.CachePodSettings;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at one OssMountTest: observe, decide, apply, report. Safe for use by many threads, one
 * test at a time.
 */
public final class TestRound {
  private static final Logger LOG = LoggerFactory.getLogger(TestRound.class);

  /** So often a status may be written. */
  private static final Duration AGAIN = Duration.ofSeconds(2);

  private final KubernetesClient client;
  private final TestObserver observer;
  private final CachePodSettings settings;
  private final Clock clock;

  /**
   * Rounds in a cluster.
   *
   * @param settings of cache pods, whose image runs the tests
   */
  public TestRound(KubernetesClient client, CachePodSettings settings, Clock clock) {
    this.client = client;
    this.observer = new TestObserver(client, clock);
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Whether the API server knows OssMountTests.
   *
   * @throws KubernetesClientException if it does not answer
   */
  public static boolean isPossible(KubernetesClient client) {
    try {
      var _ =
          client
              .resources(OssMountTest.class)
              .inAnyNamespace()
              .list(new ListOptionsBuilder().withLimit(1L).build());
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Does what is next.
   *
   * @return when to come back; empty: never
   * @throws KubernetesClientException if the API server does not answer
   */
  public Optional<Duration> run(OssMountTest test) {
    var observed = observer.observe(test);
    var step = TestStep.of(observed);
    if (step instanceof TestStep.Rest rest) {
      // Not before what was found is written: the log goes with the Job.
      deleteWhatRan(observed);
      return rest(observed.test(), rest);
    }
    var refused = step instanceof TestStep.Begin begin ? begin(observed, begin) : "";
    var status = TestReport.of(observed, step, refused);
    if (!status.equals(observed.status())) {
      write(observed.test(), status);
    }
    return Optional.of(AGAIN);
  }

  /** Why the API server refuses it; "": it does not. Done again, it changes nothing. */
  private String begin(ObservedTest observed, TestStep.Begin begin) {
    var test = observed.test();
    try {
      Modes.ALL.forEach(modes ->
          client
              .resource(TestClaim.of(test, observed.spec().ossMountRef().name(), modes))
              .patch(Applier.APPLY));
      client.resource(TestJob.of(test, observed.spec(), begin, settings)).patch(Applier.APPLY);
      LOG.info("Made the Job of test {}/{}", test.namespace(), test.name());
      return "";
    } catch (KubernetesClientException e) {
      return Refusal.words(e);
    }
  }

  /** Claims hold the OssMount, and pods hold claims, also pods that have ended. */
  private void deleteWhatRan(ObservedTest observed) {
    var test = observed.test();
    if (observed.job() != null) {
      client
          .batch()
          .v1()
          .jobs()
          .inNamespace(test.namespace())
          .withName(test.jobName())
          .withPropagationPolicy(DeletionPropagation.BACKGROUND)
          .delete();
    }
    client
        .persistentVolumeClaims()
        .inNamespace(test.namespace())
        .withLabel(Labels.TEST, test.name())
        .list()
        .getItems()
        .stream()
        .filter(claim ->
            claim.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> owner.getUid().equals(test.uid())))
        .forEach(claim -> client.resource(claim).delete());
  }

  private Optional<Duration> rest(TestIdentity test, TestStep.Rest rest) {
    if (rest.deletion().isEmpty()) {
      return Optional.empty();
    }
    var left = Duration.between(clock.instant(), rest.deletion().get());
    if (left.isPositive()) {
      return Optional.of(left);
    }
    LOG.info("Delete test {}/{}: its time is over", test.namespace(), test.name());
    client.resource(object(test)).delete();
    return Optional.empty();
  }

  private void write(TestIdentity test, OssMountTestStatus status) {
    var object = object(test);
    object.setStatus(status);
    client.resource(object).subresource("status").patch(Applier.APPLY);
  }

  private static OssMountTest object(TestIdentity test) {
    var object = new OssMountTest();
    object.getMetadata().setNamespace(test.namespace());
    object.getMetadata().setName(test.name());
    object.getMetadata().setUid(test.uid());
    return object;
  }
}
