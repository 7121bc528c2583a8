package io.ossmount.operator.dashboard.access;

import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.ossmount.api.Driver;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks by TokenReview and SubjectAccessReview. */
public final class KubernetesReviews implements Reviews {
  private final KubernetesClient client;

  /** Asks with the rights of this client: to create both kinds of reviews. */
  public KubernetesReviews(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Optional<Viewer> viewer(String token) {
    // Without audiences: those of the API server.
    var review =
        client
            .authentication()
            .v1()
            .tokenReviews()
            .create(new TokenReviewBuilder().withNewSpec().withToken(token).endSpec().build());
    var status = review.getStatus();
    if (status == null
        || !Boolean.TRUE.equals(status.getAuthenticated())
        || status.getUser() == null) {
      return Optional.empty();
    }
    var user = status.getUser();
    return Optional.of(
        new Viewer(
            Objects.requireNonNullElse(user.getUsername(), ""),
            Objects.requireNonNullElse(user.getUid(), ""),
            user.getGroups(),
            user.getExtra()));
  }

  @Override
  public boolean mayGetMounts(Viewer viewer, @Nullable String namespace) {
    var review =
        client
            .authorization()
            .v1()
            .subjectAccessReview()
            .create(
                new SubjectAccessReviewBuilder()
                    .withNewSpec()
                    .withUser(viewer.name())
                    .withUid(viewer.uid())
                    .withGroups(viewer.groups())
                    .withExtra(viewer.extra())
                    .withNewResourceAttributes()
                    .withGroup(Driver.GROUP)
                    .withResource("ossmounts")
                    .withVerb("get")
                    .withNamespace(namespace)
                    .endResourceAttributes()
                    .endSpec()
                    .build());
    return review.getStatus() != null && Boolean.TRUE.equals(review.getStatus().getAllowed());
  }
}
