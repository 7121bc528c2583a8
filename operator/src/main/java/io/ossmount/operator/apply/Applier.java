package io.ossmount.operator.apply;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.ossmount.api.Annotations;
import io.ossmount.api.Labels;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.operator.observe.MountIdentity;
import io.ossmount.operator.observe.ObservedPod;
import io.ossmount.operator.plan.Plan;
import io.ossmount.operator.render.Rendered;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies plans. What is there already as it should be is not written again. Safe for use by many
 * threads.
 */
public final class Applier {
  /** How everything that the operator owns is written. */
  public static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(Labels.MANAGED_BY_VALUE)
          .withForce(true)
          .build();

  private static final Logger LOG = LoggerFactory.getLogger(Applier.class);
  // Not an apply: that would give up every field which this small object does not name.
  private static final PatchContext MERGE =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON_MERGE)
          .withFieldManager(Labels.MANAGED_BY_VALUE)
          .build();

  private final KubernetesClient client;
  private final Consumer<Pod> created;
  private final PodChanges changes;
  private final Budgets budgets;

  /**
   * An applier.
   *
   * @param created takes each pod that was made, before its informer has seen it
   */
  public Applier(KubernetesClient client, Consumer<Pod> created) {
    this.client = client;
    this.created = created;
    this.changes = new PodChanges(client);
    this.budgets = new Budgets(client);
  }

  /**
   * Writes the Secret that cache pods mount.
   *
   * @return why the API server refuses it; empty: it does not
   * @throws KubernetesClientException if the API server does not answer
   */
  public Optional<String> apply(Secret secret) {
    try {
      client.resource(secret).patch(APPLY);
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return Optional.of(Refusal.words(e));
    }
  }

  /**
   * Makes, deletes, changes and annotates pods.
   *
   * @param rendered what the plan makes
   * @throws KubernetesClientException if the API server does not answer; what it refuses is part of
   *     the outcome
   */
  public Outcome apply(MountIdentity mount, Plan plan, Rendered rendered) {
    plan.removals().forEach(removal -> delete(mount, removal));
    var made = new ArrayList<ObservedPod>();
    var rejected = new TreeMap<String, String>();
    for (var pod : rendered.pods()) {
      var node = ObservedPod.of(pod).orElseThrow().node();
      try {
        ObservedPod.of(make(pod)).ifPresent(made::add);
        LOG.info(
            "Made cache pod {}/{} for {}", mount.namespace(), pod.getMetadata().getName(), node);
      } catch (KubernetesClientException e) {
        rejected.put(node, Refusal.words(e));
      }
    }
    plan.pushes().forEach(push -> annotate(mount, push));
    var refused =
        rendered.changes().stream()
            .flatMap(change -> changes.make(mount, change).stream())
            .toList();
    // First, as the next pod's may have the same name.
    plan.budgets().removals().forEach(budget -> budgets.delete(mount, budget));
    rendered.budgets().forEach(budgets::make);
    return new Outcome(made, rejected, refused, Optional.empty());
  }

  private Pod make(Pod pod) {
    var answer = client.resource(pod).patch(APPLY);
    created.accept(answer);
    return answer;
  }

  private void delete(MountIdentity mount, Plan.Removal removal) {
    var pod = removal.pod();
    LOG.info(
        "Delete cache pod {}/{} on {}: {}",
        mount.namespace(),
        pod.name(),
        pod.node(),
        removal.why());
    try {
      client.resource(stub(mount, pod)).lockResourceVersion(pod.version()).delete();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      // It has changed since; its next event brings it here again.
    }
  }

  /**
   * Takes an annotation off an OssMount, unless it has another value by now.
   *
   * @throws KubernetesClientException if the API server does not answer
   */
  public void takeOff(MountIdentity mount, String annotation, String value) {
    var path = "/metadata/annotations/" + annotation.replace("~", "~0").replace("/", "~1");
    var patch =
        Serialization.asJson(
            List.of(
                Map.of("op", "test", "path", path, "value", value),
                Map.of("op", "remove", "path", path)));
    try {
      client
          .resources(OssMount.class)
          .inNamespace(mount.namespace())
          .withName(mount.name())
          .patch(PatchContext.of(PatchType.JSON), patch);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND && e.getCode() != Refusal.UNPROCESSABLE) {
        throw e;
      }
    }
  }

  private void annotate(MountIdentity mount, Plan.Push push) {
    var pod =
        new PodBuilder(stub(mount, push.pod()))
            .editMetadata()
            .addToAnnotations(Annotations.CONFIGURATION, push.annotation())
            .endMetadata()
            .build();
    try {
      client.resource(pod).patch(MERGE);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }

  private static Pod stub(MountIdentity mount, ObservedPod pod) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(pod.name())
        .withNamespace(mount.namespace())
        .endMetadata()
        .build();
  }
}
