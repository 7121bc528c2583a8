package io.ossmount.operator.apply;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.ossmount.api.Annotations;
import io.ossmount.api.Labels;
import io.ossmount.operator.observe.MountIdentity;
import io.ossmount.operator.observe.ObservedPod;
import io.ossmount.operator.plan.Plan;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
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
  private static final int UNPROCESSABLE = 422;
  // Not an apply: that would give up every field which this small object does not name.
  private static final PatchContext MERGE =
      new PatchContext.Builder()
          .withPatchType(PatchType.JSON_MERGE)
          .withFieldManager(Labels.MANAGED_BY_VALUE)
          .build();

  private final KubernetesClient client;
  private final Consumer<Pod> created;

  /**
   * An applier.
   *
   * @param created takes each pod that was made, before its informer has seen it
   */
  public Applier(KubernetesClient client, Consumer<Pod> created) {
    this.client = client;
    this.created = created;
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
      return Optional.of(refusal(e));
    }
  }

  /**
   * Makes, deletes and annotates pods.
   *
   * @param creations the pods to make
   * @throws KubernetesClientException if the API server does not answer; a pod that it refuses is
   *     part of the outcome
   */
  public Outcome apply(MountIdentity mount, Plan plan, List<Pod> creations) {
    plan.removals().forEach(removal -> delete(mount, removal));
    plan.pushes().forEach(push -> annotate(mount, push));
    var made = new ArrayList<ObservedPod>();
    var rejected = new TreeMap<String, String>();
    for (var pod : creations) {
      var node = ObservedPod.of(pod).orElseThrow().node();
      try {
        var answer = client.resource(pod).patch(APPLY);
        LOG.info(
            "Made cache pod {}/{} for {}", mount.namespace(), pod.getMetadata().getName(), node);
        created.accept(answer);
        ObservedPod.of(answer).ifPresent(made::add);
      } catch (KubernetesClientException e) {
        rejected.put(node, refusal(e));
      }
    }
    return new Outcome(made, rejected, Optional.empty());
  }

  /** The pod that was seen, and no other that took its name. */
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

  /**
   * The words of quota, admission or validation, which refuse with these codes; anything else is a
   * fault.
   */
  private static String refusal(KubernetesClientException e) {
    if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN
        && e.getCode() != HttpURLConnection.HTTP_BAD_REQUEST
        && e.getCode() != UNPROCESSABLE) {
      throw e;
    }
    var status = e.getStatus();
    return status == null || status.getMessage() == null
        ? "it answers " + e.getCode()
        : status.getMessage();
  }
}
