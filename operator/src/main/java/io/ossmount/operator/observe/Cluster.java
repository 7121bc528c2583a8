package io.ossmount.operator.observe;

import static java.util.Comparator.comparing;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachment;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.ossmount.api.Labels;
import io.ossmount.api.v1alpha1.OssMount;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The operator's informers: cache pods and their budgets, PersistentVolumes, VolumeAttachments,
 * nodes. Every question to them is answered by an index, so that what one OssMount costs does not
 * grow with the number of the others. Safe for use by many threads.
 *
 * <p>Problem: a VolumeAttachment names its volume only, and a node only the handles in use.
 * Solution: both go through the volume's own context to the OssMount. Cost: the operator keeps all
 * PersistentVolumes in memory.
 */
public final class Cluster {
  private static final String BY_MOUNT = "mount";
  private static final String BY_NODE = "node";
  private static final String BY_VOLUME = "volume";
  private static final String BY_HANDLE = "handle";

  private final VolumeNames names;
  private final InformerEventSource<Pod, OssMount> pods;
  private final InformerEventSource<PodDisruptionBudget, OssMount> budgets;
  private final InformerEventSource<PersistentVolume, OssMount> volumes;
  private final InformerEventSource<VolumeAttachment, OssMount> attachments;
  private final InformerEventSource<Node, OssMount> nodes;

  /**
   * Informers that are not started yet; JOSDK starts them.
   *
   * @param driver name of the CSI driver
   */
  public Cluster(EventSourceContext<OssMount> context, String driver) {
    names = new VolumeNames(driver);
    pods = podInformer(context);
    budgets = budgetInformer(context);
    volumes = volumeInformer(context);
    attachments = attachmentInformer(context, driver);
    nodes = nodeInformer(context);
  }

  /** What JOSDK has to start. */
  public List<EventSource<?, OssMount>> sources() {
    return List.of(pods, budgets, volumes, attachments, nodes);
  }

  /** Where pods that were just made are remembered until their informer has seen them. */
  public InformerEventSource<Pod, OssMount> podSource() {
    return pods;
  }

  /** The cache pods of an OssMount, those that end included. */
  public List<ObservedPod> pods(MountIdentity mount) {
    return pods.byIndex(BY_MOUNT, mount.namespace() + "/" + mount.name()).stream()
        .filter(pod ->
            pod.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> owner.getUid().equals(mount.uid())))
        .flatMap(pod -> ObservedPod.of(pod).stream())
        .toList();
  }

  /** The PodDisruptionBudgets of an OssMount's cache pods. */
  public List<ObservedBudget> budgets(MountIdentity mount) {
    return budgets.byIndex(BY_MOUNT, mount.namespace() + "/" + mount.name()).stream()
        .map(budget ->
            new ObservedBudget(
                budget.getMetadata().getName(),
                budget.getMetadata().getOwnerReferences().stream()
                    .findFirst()
                    .map(OwnerReference::getUid)
                    .orElse("")))
        .toList();
  }

  /** The volumes that use an OssMount, each with its nodes, by name. */
  public List<ObservedVolume> volumes(MountIdentity mount) {
    return VolumeNames.keys(mount).stream()
        .flatMap(key -> volumes.byIndex(BY_MOUNT, key).stream())
        .map(volume -> observe(volume))
        .sorted(comparing(ObservedVolume::name))
        .toList();
  }

  /** All nodes. */
  public List<ObservedNode> nodes() {
    return nodes.list(_ -> true).map(ObservedNode::of).toList();
  }

  /** A node. */
  Optional<Node> node(String name) {
    return nodes.get(new ResourceID(name));
  }

  private ObservedVolume observe(PersistentVolume volume) {
    var on = new TreeSet<String>();
    attachments.byIndex(BY_VOLUME, volume.getMetadata().getName()).stream()
        .map(attachment -> attachment.getSpec().getNodeName())
        .forEach(on::add);
    nodes.byIndex(BY_HANDLE, names.inUse(volume)).stream()
        .map(node -> node.getMetadata().getName())
        .forEach(on::add);
    var claim = volume.getSpec().getClaimRef();
    return new ObservedVolume(
        volume.getMetadata().getName(),
        claim == null ? null : new ObservedVolume.Claim(claim.getNamespace(), claim.getName()),
        on);
  }

  private static InformerEventSource<Pod, OssMount> podInformer(
      EventSourceContext<OssMount> context) {
    var source = ownInformer(Pod.class, "cache-pods", context);
    source.addIndexers(
        Map.of(BY_NODE, pod -> ObservedPod.of(pod).map(ObservedPod::node).stream().toList()));
    return source;
  }

  private static InformerEventSource<PodDisruptionBudget, OssMount> budgetInformer(
      EventSourceContext<OssMount> context) {
    return ownInformer(PodDisruptionBudget.class, "budgets", context);
  }

  /** Of what the operator makes for cache pods. */
  private static <R extends HasMetadata> InformerEventSource<R, OssMount> ownInformer(
      Class<R> kind, String name, EventSourceContext<OssMount> context) {
    var source =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(kind, OssMount.class)
                .withName(name)
                .withLabelSelector(
                    Labels.APP_NAME
                        + "="
                        + Labels.APP_NAME_VALUE
                        + ","
                        + Labels.COMPONENT
                        + "="
                        + Labels.COMPONENT_CACHE)
                .withSecondaryToPrimaryMapper(Cluster::mountOf)
                .build(),
            context);
    Function<R, List<String>> byMount =
        resource ->
            mountOf(resource).stream()
                .map(id -> resource.getMetadata().getNamespace() + "/" + id.getName())
                .toList();
    source.addIndexers(Map.of(BY_MOUNT, byMount));
    return source;
  }

  private static Set<ResourceID> mountOf(HasMetadata resource) {
    var metadata = resource.getMetadata();
    var labels = metadata.getLabels();
    var name = labels == null ? null : labels.get(Labels.MOUNT);
    return name == null ? Set.of() : Set.of(new ResourceID(name, metadata.getNamespace()));
  }

  private InformerEventSource<PersistentVolume, OssMount> volumeInformer(
      EventSourceContext<OssMount> context) {
    var source =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(PersistentVolume.class, OssMount.class)
                .withName("volumes")
                .withGenericFilter(names::isOurs)
                .withSecondaryToPrimaryMapper(names::mountOf)
                .build(),
            context);
    Function<PersistentVolume, List<String>> byMount = names::keys;
    Function<PersistentVolume, List<String>> byHandle =
        volume -> names.isOurs(volume) ? List.of(names.inUse(volume)) : List.of();
    source.addIndexers(Map.of(BY_MOUNT, byMount, BY_HANDLE, byHandle));
    return source;
  }

  private InformerEventSource<VolumeAttachment, OssMount> attachmentInformer(
      EventSourceContext<OssMount> context, String driver) {
    var source =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(VolumeAttachment.class, OssMount.class)
                .withName("attachments")
                .withGenericFilter(attachment -> driver.equals(attachment.getSpec().getAttacher()))
                .withSecondaryToPrimaryMapper(this::mountOf)
                .build(),
            context);
    source.addIndexers(
        Map.of(
            BY_VOLUME,
            attachment ->
                driver.equals(attachment.getSpec().getAttacher())
                    ? volume(attachment).toList()
                    : List.of()));
    return source;
  }

  private static Stream<String> volume(VolumeAttachment attachment) {
    return Stream.ofNullable(attachment.getSpec().getSource())
        .flatMap(source -> Stream.ofNullable(source.getPersistentVolumeName()));
  }

  private Set<ResourceID> mountOf(VolumeAttachment attachment) {
    return volume(attachment)
        .flatMap(name -> volumes.get(new ResourceID(name)).stream())
        .findFirst()
        .map(names::mountOf)
        .orElseGet(Set::of);
  }

  private InformerEventSource<Node, OssMount> nodeInformer(EventSourceContext<OssMount> context) {
    var source =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Node.class, OssMount.class)
                .withName("nodes")
                .withOnUpdateFilter(this::isNews)
                .withSecondaryToPrimaryMapper(this::mountsOn)
                .build(),
            context);
    source.addIndexers(Map.of(BY_HANDLE, names::inUse));
    return source;
  }

  /** Nodes report themselves all the time; what matters here changes seldom. */
  private boolean isNews(Node now, Node before) {
    return !ObservedNode.of(now).equals(ObservedNode.of(before))
        || !names.inUse(now).equals(names.inUse(before));
  }

  private Set<ResourceID> mountsOn(Node node) {
    var mounts = new HashSet<ResourceID>();
    pods.byIndex(BY_NODE, node.getMetadata().getName()).forEach(pod -> mounts.addAll(mountOf(pod)));
    for (var handle : names.inUse(node)) {
      volumes.byIndex(BY_HANDLE, handle).forEach(volume -> mounts.addAll(names.mountOf(volume)));
    }
    return mounts;
  }
}
