package io.ossmount.operator.render;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.ossmount.api.Annotations;
import io.ossmount.api.v1alpha1.Cache;
import io.ossmount.operator.plan.Plan.Patch;
import io.ossmount.operator.plan.Template;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What changes a running cache pod, as strategic merge patches. Resources have a patch of their
 * own, since the API takes them at {@code pods/resize} and nothing else there; it has to be made
 * first. The other one says what the pod is from then on. When only the first was made, both are
 * made again, and the first changes nothing any more.
 *
 * @param patch that was planned
 */
public record PodChange(Patch patch, Cache cache, CachePodSettings settings) {
  private static final String METADATA = "metadata";

  /**
   * The change of resources, if they change.
   *
   * @param version resourceVersion that the pod has to have
   */
  public Optional<String> resources(String version) {
    if (!patch.parts().contains(Template.RESOURCES)) {
      return Optional.empty();
    }
    // Else what is no longer asked for would stay.
    var resources = new TreeMap<String, Object>(Map.of("$patch", "replace"));
    resources.put("requests", new TreeMap<>(requests()));
    resources.put("limits", new TreeMap<>(limits()));
    return Optional.of(
        Serialization.asJson(
            Map.of(METADATA, identity(version), "spec", container("resources", resources))));
  }

  /**
   * The change of all else, of which the annotations are a part.
   *
   * @param version resourceVersion that the pod has to have
   */
  public String rest(String version) {
    boolean hasImage = patch.parts().contains(Template.IMAGE);
    var annotations = new TreeMap<String, @Nullable Object>();
    annotations.put(Annotations.TEMPLATE, patch.template());
    if (restarts(hasImage)) {
      annotations.put(
          Annotations.RESTARTS_BEFORE_CHANGE, Integer.toString(patch.pod().container().restarts()));
    } else if (takesBack()) {
      annotations.put(Annotations.RESTARTS_BEFORE_CHANGE, null);
    }
    var metadata = new HashMap<String, Object>(identity(version));
    metadata.put("annotations", annotations);
    if (!hasImage) {
      return Serialization.asJson(Map.of(METADATA, metadata));
    }
    metadata.put("labels", Map.of(CachePod.VERSION_LABEL, settings.version()));
    return Serialization.asJson(
        Map.of(METADATA, metadata, "spec", container("image", settings.image())));
  }

  private boolean restarts(boolean hasImage) {
    var container = patch.pod().container();
    return (hasImage && !container.image().equals(settings.image()))
        || (patch.parts().contains(Template.RESOURCES)
            && container.restartsFor(requests(), limits()));
  }

  /** What kubelet never did needs no restart to be undone. */
  private boolean takesBack() {
    var resizing = patch.pod().container().resizing();
    return resizing != null && resizing.stuck();
  }

  private Map<String, Quantity> requests() {
    return cache.resources().requests();
  }

  private Map<String, Quantity> limits() {
    return cache.resources().limits();
  }

  private Map<String, String> identity(String version) {
    return Map.of("uid", patch.pod().uid(), "resourceVersion", version);
  }

  private static Map<String, Object> container(String field, Object value) {
    return Map.of("containers", List.of(Map.of("name", CachePod.CONTAINER, field, value)));
  }
}
