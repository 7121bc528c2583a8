package io.ossmount.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.ossmount.api.v1alpha1.OssMount;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A namespace of one test, and what a user does in it. Removed, with all that is in it, by {@link
 * #close}.
 */
public final class Workspace implements AutoCloseable {
  /** Long enough for a pod to be scheduled, mounted and started on a busy machine. */
  public static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration POLL = Duration.ofMillis(500);

  private final Cluster cluster;
  private final String namespace;

  private Workspace(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /** Makes a namespace that holds applications to the restricted pod security standard. */
  public static Workspace create(Cluster cluster, String namespace) {
    cluster.apply(
        """
        apiVersion: v1
        kind: Namespace
        metadata:
          name: %s
          labels:
            pod-security.kubernetes.io/enforce: restricted
        """
            .formatted(namespace));
    return new Workspace(cluster, namespace);
  }

  /** Its name. */
  public String namespace() {
    return namespace;
  }

  /** Applies objects in YAML that do not name a namespace. */
  public void apply(String yaml) {
    tryApply(yaml).orFail();
  }

  /** Tries to apply objects; for what has to be refused. */
  public Command.Result tryApply(String yaml) {
    return cluster.kubectlWithInput(
        yaml, "apply", "-n", namespace, "--server-side", "--force-conflicts", "-f", "-");
  }

  /** Applies a Secret with an access key. */
  public void secret(String name, EmulatorPod.Key key) {
    apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: %s}
        stringData: {accessKeyId: %s, accessKeySecret: %s}
        """
            .formatted(name, key.id(), key.secret()));
  }

  /** Runs kubectl in the namespace. */
  public Command.Result kubectl(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "-n";
    all[1] = namespace;
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return cluster.kubectl(all);
  }

  /** Runs a shell command in a pod. */
  public Command.Result shell(String pod, String script) {
    return kubectl("exec", pod, "--", "sh", "-c", script);
  }

  /** The same with a command that may take as long as this. */
  public Command.Result shell(String pod, String script, Duration timeout) {
    return cluster
        .tool("kubectl", timeout, "-n", namespace, "exec", pod, "--", "sh", "-c", script)
        .run();
  }

  /** The OssMount as it is now. */
  public OssMount ossMount(String name) {
    return read(OssMount.class, name);
  }

  /** One cell of {@code kubectl get}: what a JSONPath of an object gives. */
  public String field(String kind, String name, String jsonPath) {
    return kubectl("get", kind, name, "-o", "jsonpath=" + jsonPath).orFail();
  }

  /**
   * Status, reason and message of a condition, as {@code True Serving 2 of 2 nodes serve}; empty
   * when there is none.
   */
  public String condition(String ossMount, String type) {
    return Optional.ofNullable(ossMount(ossMount).getStatus()).stream()
        .flatMap(status -> status.conditions().stream())
        .filter(each -> each.type().equals(type))
        .map(each -> "%s %s %s".formatted(each.status(), each.reason(), each.message()).strip())
        .findFirst()
        .orElse("");
  }

  /** Waits for a condition to be of a status and reason; answers its message. */
  public String awaitCondition(
      String ossMount, String type, String statusAndReason, Duration time) {
    await("%s of %s/%s is %s".formatted(type, namespace, ossMount, statusAndReason))
        .atMost(time)
        .pollInterval(POLL)
        .untilAsserted(
            () -> assertThat(condition(ossMount, type)).startsWith(statusAndReason + " "));
    return condition(ossMount, type).substring(statusAndReason.length()).strip();
  }

  /** Waits until the OssMount is Ready. */
  public void awaitReady(String ossMount) {
    awaitCondition(ossMount, "Ready", "True Serving", PATIENCE);
  }

  /** Waits until the pod runs and its containers are ready. */
  public void awaitRunning(String pod) {
    try {
      await("pod %s/%s is ready".formatted(namespace, pod))
          .atMost(PATIENCE)
          .pollInterval(POLL)
          .untilAsserted(() ->
              assertThat(Readiness.isPodReady(read(Pod.class, pod))).as("it is Ready").isTrue());
    } catch (ConditionTimeoutException late) {
      // Once, not with each look.
      throw new AssertionError(late.getMessage() + "\n" + describe(pod), late);
    }
  }

  /** Events about an object, newest last: {@code reason: message}. */
  public List<String> events(String kind, String name) {
    return cluster.client().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> kind.equals(event.getInvolvedObject().getKind()))
        .filter(event -> name.equals(event.getInvolvedObject().getName()))
        .map(Workspace::render)
        .toList();
  }

  /** Deletes an object and waits until it is gone. */
  public void delete(String kind, String name) {
    kubectl("delete", kind, name, "--wait=true", "--timeout=110s").orFail();
  }

  /** The cache pods of an OssMount. */
  public List<Pod> cachePods(String ossMount) {
    List<String> names =
        Optional.ofNullable(ossMount(ossMount).getStatus()).stream()
            .flatMap(status -> status.cachePods().stream())
            .map(pod -> pod.name())
            .toList();
    return names.stream()
        .map(pod -> cluster.client().pods().inNamespace(namespace).withName(pod).get())
        .filter(Objects::nonNull)
        .toList();
  }

  /**
   * A pod of busybox that keeps the restricted standard, mounts a claim at /data and sleeps until
   * it is told to end: a sleep that is a container's first process does not hear that.
   */
  public static String podYaml(String name, String node, String claim) {
    return podYaml(name, node, claim, "");
  }

  /** The same with further fields of the pod's security context, such as {@code fsGroup: 2000}. */
  public static String podYaml(String name, String node, String claim, String security) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s}
    spec:
      nodeName: %s
      terminationGracePeriodSeconds: 1
      securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}%s}
      containers:
      - name: main
        image: ossmount.local/busybox:1
        command: [sh, -c, "trap exit TERM; sleep 100000 & wait"]
        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
        volumeMounts:
        - {name: data, mountPath: /data}
      volumes:
      - name: data
        persistentVolumeClaim: {claimName: %s}
    """
        .formatted(name, node, security.isEmpty() ? "" : ", " + security, claim);
  }

  /** A claim of the class {@code ossmount} for the OssMount of the same name. */
  public static String claimYaml(String name) {
    return claimYaml(name, "");
  }

  /** A claim with annotations, such as {@code ossmount.io/mount: training-data}. */
  public static String claimYaml(String name, String annotations) {
    return """
    apiVersion: v1
    kind: PersistentVolumeClaim
    metadata: {name: %s, annotations: {%s}}
    spec:
      accessModes: [ReadWriteMany]
      storageClassName: ossmount
      resources: {requests: {storage: 1Gi}}
    """
        .formatted(name, annotations);
  }

  @Override
  public void close() {
    List<Command.Result> deletions =
        List.of(
            kubectl("delete", "pods", "--all", "--wait=true", "--timeout=110s", "--grace-period=1"),
            kubectl("delete", "pvc", "--all", "--wait=true", "--timeout=110s"),
            kubectl("delete", "ossmounts", "--all", "--wait=true", "--timeout=110s"),
            cluster.kubectl("delete", "namespace", namespace, "--wait=true", "--timeout=110s"));
    // Not before all of them: the next test may make the namespace anew.
    deletions.forEach(Command.Result::orFail);
  }

  /** Fails as an assertion does when there is none or nobody answers: who waits looks again. */
  private <T extends HasMetadata> T read(Class<T> type, String name) {
    String what = "%s %s/%s".formatted(type.getSimpleName(), namespace, name);
    try {
      T object = cluster.client().resources(type).inNamespace(namespace).withName(name).get();
      if (object == null) {
        throw new AssertionError(what + " is not there");
      }
      return object;
    } catch (KubernetesClientException failure) {
      throw new AssertionError(what + " is not read: " + failure.getMessage(), failure);
    }
  }

  private String describe(String pod) {
    return kubectl("describe", "pod", pod).output();
  }

  private static String render(Event event) {
    return event.getReason() + ": " + event.getMessage();
  }
}
