package io.ossmount.operator.apply;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.ossmount.api.Labels;
import io.ossmount.operator.apply.Outcome.Refused;
import io.ossmount.operator.observe.MountIdentity;
import io.ossmount.operator.plan.Template;
import io.ossmount.operator.render.PodChange;
import java.net.HttpURLConnection;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes pods while they run. */
final class PodChanges {
  static final String NO_RESIZE =
      "this Kubernetes cannot change the resources of running pods; 1.33 and newer can";

  private static final Logger LOG = LoggerFactory.getLogger(PodChanges.class);
  // Lists of a pod are merged by name; the others' containers, if there are any, stay.
  private static final PatchContext STRATEGIC =
      new PatchContext.Builder()
          .withPatchType(PatchType.STRATEGIC_MERGE)
          .withFieldManager(Labels.MANAGED_BY_VALUE)
          .build();

  private final KubernetesClient client;

  PodChanges(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Changes a pod; answers what is refused. A pod that is another by now is left for the next time.
   */
  Optional<Refused> make(MountIdentity mount, PodChange change) {
    var pod = change.patch().pod();
    var parts = change.patch().parts();
    LOG.info(
        "Changing {} of cache pod {}/{} of {} in place",
        String.join(", ", parts),
        mount.namespace(),
        pod.name(),
        pod.node());
    var at = client.pods().inNamespace(mount.namespace()).withName(pod.name());
    var part = Template.RESOURCES;
    try {
      var version = pod.version();
      var resources = change.resources(version);
      if (resources.isPresent()) {
        version =
            at.subresource("resize")
                .patch(STRATEGIC, resources.get())
                .getMetadata()
                .getResourceVersion();
      }
      part = parts.contains(Template.IMAGE) ? Template.IMAGE : part;
      at.patch(STRATEGIC, change.rest(version));
      return Optional.empty();
    } catch (KubernetesClientException e) {
      if (Refusal.isOutdated(e, pod.name())) {
        return Optional.empty();
      }
      var why =
          e.getCode() == HttpURLConnection.HTTP_NOT_FOUND && part.equals(Template.RESOURCES)
              ? NO_RESIZE
              : Refusal.words(e);
      LOG.warn("The API server refuses to change cache pod {}: {}", pod.name(), why);
      return Optional.of(new Refused(change.patch(), part, why));
    }
  }
}
