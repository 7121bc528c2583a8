package io.ossmount.operator.mounttest;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.ossmount.api.v1alpha1.AddressingStyle;
import io.ossmount.api.v1alpha1.Durations;
import io.ossmount.api.v1alpha1.LocalReference;
import io.ossmount.api.v1alpha1.OssMountSpec;
import io.ossmount.api.v1alpha1.OssMountTestSpec;
import io.ossmount.operator.observe.CredentialsLookup;
import io.ossmount.operator.render.CachePodSettings;
import io.ossmount.operator.render.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The Job of a test: the cache image's {@code test}, with all pairs of modes mounted. Its pod keeps
 * the restricted pod security standard; fsGroup gives its user the rights of the files' owner.
 */
final class TestJob {
  /** Name of its only container. */
  static final String CONTAINER = "test";

  // The image's entry point would start the program again when it ends with a failure. The files of
  // the image are where the module deploy/images puts them.
  private static final List<String> COMMAND =
      List.of(
          "/opt/java/bin/java",
          "@/opt/ossmount/java.options",
          "-Djava.io.tmpdir=/tmp",
          "io.ossmount.cache.CacheMain");
  private static final String CREDENTIALS_VOLUME = "credentials";
  private static final String CREDENTIALS_DIRECTORY = "/etc/ossmount/credentials";
  private static final String TMP_VOLUME = "tmp";
  private static final int CREDENTIALS_MODE = 0440;
  private static final long USER = 65532;

  /** With an upload in the background. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Besides the time-outs, for what is under way when they end. */
  private static final Duration MORE_LATENESS = Duration.ofSeconds(5);

  /** Two tests wait for what the mount may show late, and the others need time as well. */
  private static final int PARTS_OF_THE_TIME = 3;

  private TestJob() {}

  /**
   * The Job.
   *
   * @param begin of what, and how long it may take
   */
  static Job of(
      TestIdentity test, OssMountTestSpec spec, TestStep.Begin begin, CachePodSettings settings) {
    var metadata = TestMetadata.of(test, test.jobName());
    return new JobBuilder()
        .withMetadata(metadata)
        .withNewSpec()
        // A second try would hide what the first one found.
        .withBackoffLimit(0)
        .withActiveDeadlineSeconds(Math.max(1, begin.left().toSeconds()))
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(metadata.getLabels())
        .endMetadata()
        .withSpec(pod(test, spec, begin, settings))
        .endTemplate()
        .endSpec()
        .build();
  }

  private static PodSpec pod(
      TestIdentity test, OssMountTestSpec spec, TestStep.Begin begin, CachePodSettings settings) {
    var mount = begin.mount();
    var volumes = new ArrayList<Volume>();
    Modes.ALL.forEach(modes -> volumes.add(claim(test, modes)));
    volumes.add(credentials(mount));
    volumes.add(tmp());
    return new PodSpecBuilder()
        .withRestartPolicy("Never")
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withNodeSelector(spec.nodeSelector())
        .withImagePullSecrets(pullSecrets(mount, settings))
        .withTerminationGracePeriodSeconds(10L)
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(USER)
        .withRunAsGroup(USER)
        .withFsGroup(USER)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .withContainers(container(spec, begin, settings))
        .withVolumes(volumes)
        .build();
  }

  private static List<LocalObjectReference> pullSecrets(
      OssMountSpec mount, CachePodSettings settings) {
    return Stream.concat(
            mount.cache().imagePullSecrets().stream().map(LocalReference::name),
            settings.imagePullSecrets().stream())
        .distinct()
        .map(LocalObjectReference::new)
        .toList();
  }

  private static Container container(
      OssMountTestSpec spec, TestStep.Begin begin, CachePodSettings settings) {
    return new ContainerBuilder()
        .withName(CONTAINER)
        .withImage(settings.image())
        .withImagePullPolicy(settings.imagePullPolicy())
        .withCommand(COMMAND)
        .withArgs(arguments(spec, begin))
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withNewResources()
        .addToRequests("cpu", Quantity.parse("100m"))
        .addToRequests("memory", Quantity.parse("256Mi"))
        .withLimits(Map.of("memory", Quantity.parse("512Mi")))
        .endResources()
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .withVolumeMounts(mounts())
        .build();
  }

  private static List<String> arguments(OssMountTestSpec spec, TestStep.Begin begin) {
    var mount = begin.mount();
    var endpoint = Endpoint.of(begin.endpoint(), mount.region());
    var late = lateness(mount);
    var atATime = begin.left().dividedBy(PARTS_OF_THE_TIME);
    var arguments = new ArrayList<String>();
    arguments.addAll(
        List.of(
            CONTAINER,
            mount.directory().isEmpty() ? mount.bucket() : mount.bucket() + "/" + mount.directory(),
            "--endpoint=" + endpoint.url(),
            "--region=" + endpoint.region(),
            "--credentials=" + CREDENTIALS_DIRECTORY,
            "--patience=" + seconds(least(PATIENCE, atATime)),
            "--late=" + seconds(late),
            "--wait=" + seconds(least(late, atATime)),
            "--json"));
    Modes.ALL.forEach(modes -> arguments.add("--mount=" + modes.text() + "=" + modes.path()));
    // The bucket's listing does not have them.
    mount.mounts().forEach(nested -> arguments.add("--except=" + nested.path().split("/", 2)[0]));
    if (mount.addressingStyle() == AddressingStyle.Path) {
      arguments.add("--path-style");
    }
    if (mount.readOnly()) {
      arguments.add("--read-only");
    }
    if (spec.cleanup()) {
      arguments.add("--clean-up");
    }
    return arguments;
  }

  /**
   * How long the mount may show what others have changed meanwhile. Nested mounts, which have
   * time-outs of their own, are not compared.
   */
  private static Duration lateness(OssMountSpec mount) {
    var cache = mount.metadataCache();
    return Stream.of(cache.attributeTimeout(), cache.listTimeout(), cache.negativeTimeout())
        .flatMap(Stream::ofNullable)
        .map(Durations::parse)
        .reduce(Duration.ZERO, (one, other) -> one.compareTo(other) > 0 ? one : other)
        .plus(MORE_LATENESS);
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static long seconds(Duration time) {
    return Math.max(1, time.toSeconds());
  }

  private static List<VolumeMount> mounts() {
    return Stream.concat(
            Modes.ALL.stream().map(modes -> mount(modes.suffix(), modes.path())),
            Stream.of(
                new VolumeMountBuilder(mount(CREDENTIALS_VOLUME, CREDENTIALS_DIRECTORY))
                    .withReadOnly(true)
                    .build(),
                mount(TMP_VOLUME, "/tmp")))
        .toList();
  }

  private static VolumeMount mount(String volume, String path) {
    return new VolumeMountBuilder().withName(volume).withMountPath(path).build();
  }

  private static Volume claim(TestIdentity test, Modes modes) {
    return new VolumeBuilder()
        .withName(modes.suffix())
        .withNewPersistentVolumeClaim()
        .withClaimName(TestClaim.name(test, modes))
        .endPersistentVolumeClaim()
        .build();
  }

  /** Of the user's Secret only what is an access key, by whichever names it has. */
  private static Volume credentials(OssMountSpec mount) {
    var items =
        Stream.of(
                CredentialsLookup.ACCESS_KEY_ID,
                CredentialsLookup.ACCESS_KEY_SECRET,
                CredentialsLookup.SECURITY_TOKEN)
            .flatMap(List::stream)
            .map(key -> new KeyToPath(key, null, key))
            .toList();
    return new VolumeBuilder()
        .withName(CREDENTIALS_VOLUME)
        .withNewSecret()
        .withSecretName(mount.secretRef().name())
        .withItems(items)
        .withDefaultMode(CREDENTIALS_MODE)
        // A Secret has some of the names.
        .withOptional(true)
        .endSecret()
        .build();
  }

  private static Volume tmp() {
    return new VolumeBuilder()
        .withName(TMP_VOLUME)
        .withNewEmptyDir()
        .withSizeLimit(Quantity.parse("16Mi"))
        .endEmptyDir()
        .build();
  }
}
