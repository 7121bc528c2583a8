package io.ossmount.operator.dashboard.access;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Kubernetes is asked about users. Safe for use by many threads; every call has a deadline.
 */
public interface Reviews {
  /**
   * Whose token this is.
   *
   * @return empty: nobody's, or one that has run out
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the API server does not say
   */
  Optional<Viewer> viewer(String token);

  /**
   * Whether somebody may get the OssMounts of a namespace.
   *
   * @param namespace null: of all namespaces
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the API server does not say
   */
  boolean mayGetMounts(Viewer viewer, @Nullable String namespace);
}
