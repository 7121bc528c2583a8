package io.ossmount.operator.render;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerResizePolicy;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.ossmount.api.Annotations;
import io.ossmount.api.Labels;
import io.ossmount.api.VolumeContext;
import io.ossmount.api.v1alpha1.Cache;
import io.ossmount.api.v1alpha1.LocalReference;
import io.ossmount.api.v1alpha1.OssMountSpec;
import io.ossmount.operator.control.GrpcControlClient;
import io.ossmount.operator.observe.MountIdentity;
import io.ossmount.operator.plan.Plan.Creation;
import io.ossmount.operator.plan.Template;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The pod that serves an OssMount on one node. It has no privilege: the node's directory comes to
 * it as an inline volume of our own driver, and mounting is the node plugin's work.
 */
public final class CachePod {
  /** Name of its only container. */
  static final String CONTAINER = "cache";

  /** The label that says of which version of OssMount its image is. */
  static final String VERSION_LABEL = "app.kubernetes.io/version";

  private static final String CONFIGURATION_VOLUME = "configuration";
  private static final String NODE_VOLUME = "node";
  private static final String CONFIGURATION_DIRECTORY = "/etc/ossmount";
  private static final String NODE_DIRECTORY = "/var/lib/ossmount";
  private static final String METRICS_PORT = "metrics";
  private static final int METRICS = 9402;
  private static final long USER = 65532;
  // Readable by the pod's user, to whom the files do not belong.
  private static final int CONFIGURATION_MODE = 0444;
  // Uploads that have begun may end.
  private static final long GRACE_SECONDS = 60;

  private CachePod() {}

  /**
   * The pod.
   *
   * @param configurationHash of the {@code mount.json} that it will find
   */
  public static Pod of(
      MountIdentity mount,
      OssMountSpec of,
      Creation creation,
      String configurationHash,
      CachePodSettings settings) {
    return new PodBuilder()
        .withNewMetadataLike(Ownership.metadata(mount, creation.name()))
        .addToLabels(Labels.COMPONENT, Labels.COMPONENT_CACHE)
        .addToLabels(Labels.POD, creation.name())
        .addToLabels(VERSION_LABEL, settings.version())
        .addToAnnotations(Annotations.CONFIGURATION, configurationHash)
        .addToAnnotations(Annotations.TEMPLATE, template(mount, of, settings).text())
        .endMetadata()
        .withSpec(spec(mount, of.cache(), creation.node(), settings))
        .build();
  }

  /** What of the pod its configuration does not change. */
  public static Template template(MountIdentity mount, OssMountSpec of, CachePodSettings settings) {
    var spec = spec(mount, of.cache(), "", settings);
    var container = spec.getContainers().getFirst();
    var rest =
        new PodSpecBuilder(spec)
            .withImagePullSecrets(List.of())
            .editFirstContainer()
            .withImage(null)
            .withResources(null)
            .endContainer()
            .build();
    return Template.ofContents(
        Map.of(
            Template.IMAGE,
            container.getImage(),
            "imagePullSecrets",
            Serialization.asYaml(spec.getImagePullSecrets()),
            Template.RESOURCES,
            Serialization.asYaml(container.getResources()),
            "pod",
            Serialization.asYaml(rest),
            // What is on the node is of these; a running pod keeps to them.
            "source",
            of.bucket() + "/" + of.directory()));
  }

  private static PodSpec spec(
      MountIdentity mount, Cache cache, String node, CachePodSettings settings) {
    return new PodSpecBuilder()
        .withAffinity(on(node))
        // As a DaemonSet's pods: a node's volumes need their cache pod whatever keeps other pods
        // away.
        .addNewToleration()
        .withOperator("Exists")
        .endToleration()
        .withPriorityClassName(settings.priorityClass().isEmpty() ? null : settings.priorityClass())
        .withImagePullSecrets(pullSecrets(cache, settings))
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withRestartPolicy("Always")
        .withTerminationGracePeriodSeconds(GRACE_SECONDS)
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(USER)
        .withRunAsGroup(USER)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .withContainers(container(cache, settings))
        .withVolumes(configuration(mount), nodeDirectory(mount, settings))
        .build();
  }

  /** By the scheduler, not by spec.nodeName: so that priority can make room. */
  private static Affinity on(String node) {
    return new AffinityBuilder()
        .withNewNodeAffinity()
        .withNewRequiredDuringSchedulingIgnoredDuringExecution()
        .addNewNodeSelectorTerm()
        .addNewMatchField()
        .withKey("metadata.name")
        .withOperator("In")
        .withValues(node)
        .endMatchField()
        .endNodeSelectorTerm()
        .endRequiredDuringSchedulingIgnoredDuringExecution()
        .endNodeAffinity()
        .build();
  }

  private static List<LocalObjectReference> pullSecrets(Cache cache, CachePodSettings settings) {
    return Stream.concat(
            cache.imagePullSecrets().stream().map(LocalReference::name),
            settings.imagePullSecrets().stream())
        .distinct()
        .map(LocalObjectReference::new)
        .toList();
  }

  private static Container container(Cache cache, CachePodSettings settings) {
    return new ContainerBuilder()
        .withName(CONTAINER)
        .withImage(settings.image())
        .withImagePullPolicy(settings.imagePullPolicy())
        .withArgs("serve")
        .withEnv(
            downward("OSSMOUNT_POD_NAME", "metadata.name"),
            downward("OSSMOUNT_POD_NAMESPACE", "metadata.namespace"),
            downward("OSSMOUNT_POD_UID", "metadata.uid"),
            downward("OSSMOUNT_NODE", "spec.nodeName"),
            new EnvVar("OSSMOUNT_LOG_LEVEL", settings.logLevel(), null))
        .addNewPort()
        .withName("control")
        .withContainerPort(GrpcControlClient.PORT)
        .endPort()
        .addNewPort()
        .withName(METRICS_PORT)
        .withContainerPort(METRICS)
        .endPort()
        .withResources(resources(cache))
        // The sizes of the heap and of all else follow from the limit when the server starts.
        .withResizePolicy(
            new ContainerResizePolicy("cpu", "NotRequired"),
            new ContainerResizePolicy("memory", "RestartContainer"))
        // A minute to start: a large cache on a slow disk has an index to rebuild.
        .withStartupProbe(probe("/healthz", 1, 60))
        .withLivenessProbe(probe("/healthz", 10, 6))
        .withReadinessProbe(probe("/readyz", 2, 3))
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .addNewVolumeMount()
        .withName(CONFIGURATION_VOLUME)
        .withMountPath(CONFIGURATION_DIRECTORY)
        .withReadOnly(true)
        .endVolumeMount()
        .addNewVolumeMount()
        .withName(NODE_VOLUME)
        .withMountPath(NODE_DIRECTORY)
        .endVolumeMount()
        .build();
  }

  private static EnvVar downward(String name, String field) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewFieldRef("v1", field)
        .endValueFrom()
        .build();
  }

  private static ResourceRequirements resources(Cache cache) {
    return new ResourceRequirementsBuilder()
        .withRequests(cache.resources().requests())
        .withLimits(cache.resources().limits())
        .build();
  }

  private static Probe probe(String path, int periodSeconds, int failures) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(path)
        .withNewPort(METRICS_PORT)
        .endHttpGet()
        .withPeriodSeconds(periodSeconds)
        .withTimeoutSeconds(2)
        .withFailureThreshold(failures)
        .build();
  }

  private static Volume configuration(MountIdentity mount) {
    return new VolumeBuilder()
        .withName(CONFIGURATION_VOLUME)
        .withNewSecret()
        .withSecretName(mount.secretName())
        .withDefaultMode(CONFIGURATION_MODE)
        .endSecret()
        .build();
  }

  private static Volume nodeDirectory(MountIdentity mount, CachePodSettings settings) {
    return new VolumeBuilder()
        .withName(NODE_VOLUME)
        .withNewCsi()
        .withDriver(settings.driver())
        .addToVolumeAttributes(VolumeContext.OSS_MOUNT, mount.name())
        .addToVolumeAttributes(VolumeContext.ROLE, VolumeContext.ROLE_CACHE)
        .endCsi()
        .build();
  }
}
