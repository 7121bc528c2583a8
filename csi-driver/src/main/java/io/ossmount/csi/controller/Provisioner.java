package io.ossmount.csi.controller;

import io.ossmount.api.Annotations;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.ReadMode;
import io.ossmount.api.v1alpha1.WriteMode;
import io.ossmount.csi.cluster.Cluster;
import io.ossmount.csi.volume.Directory;
import io.ossmount.csi.volume.Modes;
import io.ossmount.csi.volume.MountReference;
import io.ossmount.csi.volume.VolumeException.InvalidRequest;
import io.ossmount.csi.volume.VolumeException.NotAllowed;
import io.ossmount.csi.volume.VolumeException.NotFound;
import io.ossmount.csi.volume.VolumeId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Makes volumes of OssMounts. Nothing is stored: the same request gives the same volume, as long as
 * the objects that it names stay what they are. Thread-safe.
 *
 * <p>Which OssMount: the one that the class fixes; else the one of the claim's own namespace that
 * the claim's annotation names; else the one there with the claim's name. The directory is the
 * class's, and below it the claim's.
 */
public final class Provisioner {
  private final Cluster cluster;

  /** Provisions for the claims of {@code cluster}. */
  public Provisioner(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * A volume and what every node is told of it.
   *
   * @param id of the volume
   * @param context frozen in the PersistentVolume
   */
  public record Volume(VolumeId id, Map<String, String> context) {}

  /**
   * The volume of a claim.
   *
   * @param name that the volume is asked for by
   * @param parameters of the class, and what csi-provisioner adds
   */
  public Volume create(String name, Map<String, String> parameters) {
    var asked = ClassParameters.parse(parameters);
    var annotations = asked.claim().map(this::annotations).orElse(Map.of());
    var ossMount = permitted(find(asked, annotations), asked.claim());
    var metadata = ossMount.getMetadata();
    var reference =
        new MountReference(
            metadata.getNamespace(),
            metadata.getName(),
            Optional.of(metadata.getUid()),
            directory(asked, annotations),
            modes(annotations).or(asked.modes()));
    return new Volume(VolumeId.of(metadata.getUid(), name), reference.context());
  }

  /**
   * Throws {@link NotFound} unless the volume's OssMount is there.
   *
   * @param context of the volume, empty when the caller does not know it
   */
  public void requireExisting(VolumeId id, Map<String, String> context) {
    var exists =
        id.ossMountUid()
            .filter(uid ->
                cluster.ossMounts().stream()
                    .anyMatch(ossMount -> ossMount.getMetadata().getUid().equals(uid)))
            .isPresent();
    if (!exists && (context.isEmpty() || !namesOssMount(MountReference.parse(context)))) {
      throw new NotFound("there is no volume " + id + ", or its OssMount is gone");
    }
  }

  private boolean namesOssMount(MountReference reference) {
    return cluster
        .ossMount(reference.namespace(), reference.name())
        .map(ossMount -> ossMount.getMetadata().getUid())
        .filter(uid -> reference.uid().map(uid::equals).orElse(true))
        .isPresent();
  }

  private Map<String, String> annotations(ObjectName claim) {
    return withoutReset(
        claim,
        cluster
            .claimAnnotations(claim.namespace(), claim.name())
            .orElseThrow(() -> new NotFound("there is no PersistentVolumeClaim " + claim)));
  }

  /**
   * Whoever may make claims or classes may not reset the caches of an OssMount: that is for those
   * who may change the OssMount. Told, so that nobody waits for it.
   */
  private static Map<String, String> withoutReset(
      ObjectName claim, Map<String, String> annotations) {
    if (annotations.containsKey(Annotations.RESET)) {
      throw new InvalidRequest(
          "claim "
              + claim
              + " has the annotation "
              + Annotations.RESET
              + ", which resets nothing there; take it off the claim, and annotate the OssMount"
              + " itself");
    }
    return annotations;
  }

  private OssMount find(ClassParameters asked, Map<String, String> annotations) {
    var name = name(asked, Optional.ofNullable(annotations.get(Annotations.MOUNT)));
    var ossMount =
        cluster
            .ossMount(name.namespace(), name.name())
            .orElseThrow(() -> new NotFound(missing(name, asked)));
    if (ossMount.getMetadata().getDeletionTimestamp() != null) {
      throw new NotFound("OssMount " + name + " is being deleted");
    }
    return ossMount;
  }

  private static ObjectName name(ClassParameters asked, Optional<String> annotation) {
    if (asked.ossMount().isPresent()) {
      if (annotation.isPresent()) {
        throw new InvalidRequest(
            "the StorageClass fixes OssMount "
                + asked.ossMount().get()
                + "; take the annotation "
                + Annotations.MOUNT
                + " off the claim, or use a class without parameter ossMount");
      }
      return asked.ossMount().get();
    }
    var claim =
        asked
            .claim()
            .orElseThrow(() ->
                new InvalidRequest(
                    "neither the StorageClass (parameter ossMount) nor a claim says which"
                        + " OssMount; csi-provisioner needs --extra-create-metadata"));
    return ObjectName.parse(
        "annotation " + Annotations.MOUNT + " is the name alone; with the claim's namespace it",
        claim.namespace() + "/" + annotation.orElse(claim.name()));
  }

  private static String missing(ObjectName name, ClassParameters asked) {
    var message = "there is no OssMount " + name;
    return asked.ossMount().isPresent()
        ? message + ", which the StorageClass names"
        : message + "; make one, or name another in the claim's annotation " + Annotations.MOUNT;
  }

  private OssMount permitted(OssMount ossMount, Optional<ObjectName> claim) {
    var own = ossMount.getMetadata().getNamespace();
    if (claim.isPresent() && !own.equals(claim.get().namespace())) {
      var asking = claim.get().namespace();
      var labels = cluster.namespaceLabels(asking).orElse(Map.of());
      if (!ossMount.getSpec().allowedNamespaces().permit(own, asking, labels)) {
        throw new NotAllowed(
            "OssMount "
                + own
                + "/"
                + ossMount.getMetadata().getName()
                + " is not for namespace "
                + asking
                + "; its spec.allowedNamespaces has to allow it");
      }
    }
    return ossMount;
  }

  /** What the claim says goes before what its class says. */
  private static Modes modes(Map<String, String> annotations) {
    var read = Optional.ofNullable(annotations.get(Annotations.READ_MODE));
    var write = Optional.ofNullable(annotations.get(Annotations.WRITE_MODE));
    return new Modes(
        read.flatMap(
            text -> Modes.parse(ReadMode.class, "annotation " + Annotations.READ_MODE, text)),
        write.flatMap(
            text -> Modes.parse(WriteMode.class, "annotation " + Annotations.WRITE_MODE, text)));
  }

  private static Directory directory(ClassParameters asked, Map<String, String> annotations) {
    var values = new HashMap<String, String>();
    asked
        .claim()
        .ifPresent(claim -> {
          values.put(DirectoryTemplate.CLAIM_NAMESPACE, claim.namespace());
          values.put(DirectoryTemplate.CLAIM_NAME, claim.name());
        });
    asked.volumeName().ifPresent(name -> values.put(DirectoryTemplate.VOLUME_NAME, name));
    var ofClass = asked.directory().map(template -> template.expand(values));
    var ofClaim = new Directory(annotations.getOrDefault(Annotations.DIRECTORY, ""));
    return ofClass.orElse(Directory.WHOLE).join(ofClaim);
  }
}
