package io.ossmount.operator.scene;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.OssMountSpec;
import io.ossmount.api.v1alpha1.ResetStatus;
import io.ossmount.operator.control.DeadSessions;
import io.ossmount.operator.control.PendingFigures;
import io.ossmount.operator.control.PodReport;
import io.ossmount.operator.control.PodReport.CacheFigures;
import io.ossmount.operator.control.PodReport.Store;
import io.ossmount.operator.observe.Credentials;
import io.ossmount.operator.observe.CredentialsLookup;
import io.ossmount.operator.observe.Memory;
import io.ossmount.operator.observe.MountIdentity;
import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.observe.ObservedBudget;
import io.ossmount.operator.observe.ObservedContainer;
import io.ossmount.operator.observe.ObservedContainer.Resizing;
import io.ossmount.operator.observe.ObservedNestedMount;
import io.ossmount.operator.observe.ObservedNode;
import io.ossmount.operator.observe.ObservedPod;
import io.ossmount.operator.observe.ObservedReset;
import io.ossmount.operator.observe.ObservedVolume;
import io.ossmount.operator.observe.Trouble;
import io.ossmount.operator.plan.Template;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the operator sees of one OssMount, told step by step. Mutable, for one thread. */
public final class Scene {
  /** Now, at the beginning. */
  public static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

  /** The template that pods have unless told otherwise. */
  public static final Template TEMPLATE =
      Template.ofContents(Map.of("image", "cache:1", "resources", "1Gi"));

  /** Hash of the configuration that pods have unless told otherwise. */
  public static final String HASH = "c0ffee";

  /** The OssMount. */
  public static final MountIdentity MOUNT =
      new MountIdentity("ml", "training-data", "4d9c6f3e-0000-4000-8000-000000000001", 3);

  private final Map<String, ObservedNode> nodes = new HashMap<>();
  private final Map<String, ObservedPod> pods = new HashMap<>();
  private final Map<String, PodReport> reports = new HashMap<>();
  private final List<ObservedVolume> volumes = new ArrayList<>();
  private final List<ObservedBudget> budgets = new ArrayList<>();
  private final Set<String> crowded = new HashSet<>();
  private final Map<String, Instant> aborted = new HashMap<>();
  private CredentialsLookup credentials =
      new CredentialsLookup.Found(new Credentials("id", "secret", ""));
  private String cache = "{}";
  private String directory = "";
  private String place = "endpoint: oss-cn-shanghai.aliyuncs.com";
  private String mounts = "[]";
  private final Map<String, CredentialsLookup> ofMounts = new HashMap<>();
  private boolean deleting;
  private boolean suspend;
  private ObservedReset reset = ObservedReset.NONE;
  private Set<String> forgetting = Set.of();
  private Memory memory = Memory.NONE;
  private Instant now = START;

  /** Schedulable nodes without labels. */
  public Scene nodes(String... names) {
    for (var name : names) {
      nodes.put(name, new ObservedNode(name, Map.of(), true, true, false));
    }
    return this;
  }

  /** A node as given. */
  public Scene node(ObservedNode node) {
    nodes.put(node.name(), node);
    return this;
  }

  /** A node that is no more. */
  public Scene nodeGone(String name) {
    nodes.remove(name);
    return this;
  }

  /** A volume, attached to these nodes. */
  public Scene volume(String name, String... attachedTo) {
    volumes.removeIf(volume -> volume.name().equals(name));
    volumes.add(
        new ObservedVolume(
            name, new ObservedVolume.Claim("ml", "claim-" + name), Set.of(attachedTo)));
    return this;
  }

  /** A PodDisruptionBudget of the pod of a node. */
  public Scene budget(String node) {
    budgets.add(new ObservedBudget("training-data-" + node, "uid-of-training-data-" + node));
    return this;
  }

  /** A node where another cache pod finds no room. */
  public Scene crowded(String node) {
    crowded.add(node);
    return this;
  }

  /** A node whose plugin has given up a volume, at that time. */
  public Scene aborted(String node, Instant at) {
    aborted.put(node, at);
    return this;
  }

  /** spec.cache, as YAML in one line. */
  public Scene cache(String yaml) {
    cache = yaml;
    return this;
  }

  /** spec.directory. */
  public Scene directory(String path) {
    directory = path;
    return this;
  }

  /** What came of looking for credentials. */
  public Scene credentials(CredentialsLookup lookup) {
    credentials = lookup;
    return this;
  }

  /** Neither the spec nor the cluster's defaults have an endpoint. */
  public Scene withoutEndpoint() {
    place = "";
    return this;
  }

  /** spec.mounts, as YAML in one line. */
  public Scene mounts(String yaml) {
    mounts = yaml;
    return this;
  }

  /** What came of looking for the credentials of a nested mount. */
  public Scene credentialsOf(String path, CredentialsLookup lookup) {
    ofMounts.put(path, lookup);
    return this;
  }

  /** What the pod of a node says of a nested mount besides what it said. */
  public Scene finds(String node, String path, Store store) {
    var said = reports.getOrDefault("uid-of-training-data-" + node, serving(0));
    var all = new HashMap<>(said.mounts());
    all.put(path, store);
    return report(
        node,
        new PodReport(
            said.answered(),
            said.failure(),
            said.configurationHash(),
            said.store(),
            said.sessions(),
            said.cache(),
            all,
            said.reset(),
            said.pending(),
            said.dead()));
  }

  /** The OssMount is being deleted. */
  public Scene deleting() {
    deleting = true;
    return this;
  }

  /** spec.suspend: true. */
  public Scene suspend() {
    return suspend(true);
  }

  /** spec.suspend. */
  public Scene suspend(boolean isAsked) {
    suspend = isAsked;
    return this;
  }

  /** A reset is asked for, of which the status says this. */
  public Scene reset(String value, @Nullable ResetStatus before) {
    reset = new ObservedReset(value, null, before);
    return this;
  }

  /** What an OssMount says of a reset. */
  public Scene reset(ObservedReset said) {
    reset = said;
    return this;
  }

  /** Nodes whose writes that are not uploaded are to be given up. */
  public Scene forgetting(String... names) {
    forgetting = Set.of(names);
    return this;
  }

  /** A pod that serves on a node. */
  public Scene servingPod(String node) {
    pod(node, ready -> ready);
    return answers(node, Store.REACHABLE, "");
  }

  /** A pod on a node, made ready and changed from that. */
  public Scene pod(String node, UnaryOperator<ObservedPod> change) {
    return podNamed("training-data-" + node, node, change);
  }

  /** A pod by its name. */
  public Scene podNamed(String name, String node, UnaryOperator<ObservedPod> change) {
    var ready =
        new ObservedPod(
            name,
            "uid-of-" + name,
            node,
            "7",
            START.minusSeconds(600),
            TEMPLATE.text(),
            HASH,
            "10.0.0.1",
            true,
            START.minusSeconds(30),
            false,
            container(0, -1, null),
            null);
    pods.put(name, change.apply(ready));
    return this;
  }

  /** A pod that is gone. */
  public Scene podGone(String name) {
    pods.remove(name);
    return this;
  }

  /** What the pod of a node answers. */
  public Scene answers(String node, String reason, String message) {
    return report(
        node, new PodReport(now, null, HASH, new Store(reason, message, false), 0, figures(0, 0)));
  }

  /** The whole answer of the pod of a node. */
  public Scene report(String node, PodReport report) {
    reports.put("uid-of-training-data-" + node, report);
    return this;
  }

  /** An answer of a pod that serves so many sessions. */
  public PodReport serving(int sessions) {
    return new PodReport(
        now, null, HASH, new Store(Store.REACHABLE, "", false), sessions, figures(0, 0));
  }

  /** What the pod of a node answers that has so many objects to upload, the oldest since then. */
  public Scene uploads(String node, long objects, Instant oldest, String reason) {
    return report(
        node,
        new PodReport(
            now,
            null,
            HASH,
            new Store(reason, "", false),
            0,
            figures(0, 0),
            Map.of(),
            PodReport.Reset.NONE,
            new PendingFigures(objects << 20, objects, oldest, null),
            DeadSessions.NONE));
  }

  /** What the pod of a node says of dead sessions besides that it serves. */
  public Scene dead(String node, DeadSessions dead) {
    var said = serving(0);
    return report(
        node,
        new PodReport(
            said.answered(),
            said.failure(),
            said.configurationHash(),
            said.store(),
            said.sessions(),
            said.cache(),
            said.mounts(),
            said.reset(),
            said.pending(),
            dead));
  }

  /** The pod of a node does not answer any more. */
  public Scene fallsSilent(String node) {
    var said = reports.getOrDefault("uid-of-training-data-" + node, serving(0));
    return report(
        node,
        new PodReport(
            said.answered(),
            "UNAVAILABLE",
            said.configurationHash(),
            said.store(),
            said.sessions(),
            said.cache(),
            said.mounts(),
            said.reset(),
            said.pending(),
            said.dead()));
  }

  /** The pod of a node is gone, and what it said as well. */
  public Scene podOfGone(String node) {
    reports.remove("uid-of-training-data-" + node);
    return podGone("training-data-" + node);
  }

  /** Figures of a cache. */
  public static CacheFigures figures(long capacity, long used) {
    return new CacheFigures(capacity, used, 0, 0);
  }

  /** Time passes. */
  public Scene after(Duration time) {
    now = now.plus(time);
    return this;
  }

  /** The time. */
  public Instant now() {
    return now;
  }

  /** What the operator remembers. */
  public Scene remembering(Memory remembered) {
    memory = remembered;
    return this;
  }

  /** All of it. */
  public Observed observed() {
    return new Observed(
        MOUNT,
        spec(),
        deleting,
        credentials,
        nested(spec()),
        null,
        List.copyOf(nodes.values()),
        List.copyOf(pods.values()),
        reports,
        budgets,
        crowded,
        volumes,
        aborted,
        reset,
        forgetting,
        memory,
        now);
  }

  private List<ObservedNestedMount> nested(OssMountSpec spec) {
    return spec.mounts().stream()
        .map(given ->
            new ObservedNestedMount(
                given.within(spec),
                ofMounts.getOrDefault(given.path(), credentials),
                given.secretRef() != null))
        .toList();
  }

  private OssMountSpec spec() {
    var yaml =
        """
        apiVersion: ossmount.io/v1alpha1
        kind: OssMount
        spec:
          bucket: my-bucket
          directory: "%s"
          %s
          secretRef: {name: oss-credentials}
          cache: %s
          suspend: %s
          mounts: %s
        """
            .formatted(directory, place, cache, suspend, mounts);
    return Serialization.unmarshal(yaml, OssMount.class).getSpec();
  }

  /** The same pod, not ready, with this trouble. */
  public static UnaryOperator<ObservedPod> troubled(Trouble.@Nullable Kind kind, String message) {
    return pod ->
        new ObservedPod(
            pod.name(),
            pod.uid(),
            pod.node(),
            pod.version(),
            pod.created(),
            pod.template(),
            pod.configuration(),
            pod.address(),
            false,
            pod.since(),
            pod.terminating(),
            pod.container(),
            kind == null ? null : new Trouble(kind, message));
  }

  /** The same pod, being deleted. */
  public static ObservedPod terminating(ObservedPod pod) {
    return new ObservedPod(
        pod.name(),
        pod.uid(),
        pod.node(),
        pod.version(),
        pod.created(),
        pod.template(),
        pod.configuration(),
        pod.address(),
        false,
        pod.since(),
        true,
        pod.container(),
        null);
  }

  /** The same pod with another template. */
  public static UnaryOperator<ObservedPod> template(Template template) {
    return pod ->
        new ObservedPod(
            pod.name(),
            pod.uid(),
            pod.node(),
            pod.version(),
            pod.created(),
            template.text(),
            pod.configuration(),
            pod.address(),
            pod.ready(),
            pod.since(),
            pod.terminating(),
            pod.container(),
            pod.trouble());
  }

  /** The same pod with another container. */
  public static UnaryOperator<ObservedPod> container(ObservedContainer container) {
    return pod ->
        new ObservedPod(
            pod.name(),
            pod.uid(),
            pod.node(),
            pod.version(),
            pod.created(),
            pod.template(),
            pod.configuration(),
            pod.address(),
            pod.ready(),
            pod.since(),
            pod.terminating(),
            container,
            pod.trouble());
  }

  /** A container whose resources can be changed. */
  public static ObservedContainer container(
      int restarts, int restartsBeforeChange, @Nullable Resizing resizing) {
    return new ObservedContainer(
        "containerd://" + restarts,
        "cache:1",
        restarts,
        restartsBeforeChange,
        true,
        new ResourceRequirementsBuilder()
            .addToRequests("memory", Quantity.parse("1Gi"))
            .addToLimits("memory", Quantity.parse("1Gi"))
            .build(),
        resizing);
  }

  /** The same pod with another annotation. */
  public static UnaryOperator<ObservedPod> configuration(String annotation) {
    return pod ->
        new ObservedPod(
            pod.name(),
            pod.uid(),
            pod.node(),
            pod.version(),
            pod.created(),
            pod.template(),
            annotation,
            pod.address(),
            pod.ready(),
            pod.since(),
            pod.terminating(),
            pod.container(),
            pod.trouble());
  }
}
