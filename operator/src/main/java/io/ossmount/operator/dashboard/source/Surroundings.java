package io.ossmount.operator.dashboard.source;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.ossmount.api.v1alpha1.OssMount;
import java.util.List;
import java.util.Optional;

/** What is around an OssMount in Kubernetes. Safe for use by many threads; waits for some time. */
public interface Surroundings {
  /** Events of an OssMount and its cache pods, the latest first; empty: they cannot be read. */
  Optional<List<Event>> events(OssMount mount);

  /** Tests of an OssMount, the latest first; empty: this cluster does not know tests. */
  Optional<List<GenericKubernetesResource>> tests(OssMount mount);
}
