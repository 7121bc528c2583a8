package io.ossmount.operator.dashboard.access;

import io.ossmount.operator.plan.Hashes;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who a token is of, and which namespaces they may see: those in which they may get OssMounts.
 * Answers of Kubernetes are believed for a minute, a "no" to a token for ten seconds. Safe for use
 * by many threads.
 */
public final class Access {
  private static final Duration BELIEVED = Duration.ofMinutes(1);
  private static final Duration REFUSED = Duration.ofSeconds(10);
  private static final int MOST_TOKENS = 1_000;
  private static final int MOST_RIGHTS = 20_000;
  private static final int PARALLEL = 16;

  /** Longer than any token of a cluster; what is longer is not sent to the API server. */
  private static final int MAX_TOKEN_CHARS = 16_384;

  private final Reviews reviews;
  private final Remembered<String, Optional<Viewer>> viewers;
  private final Remembered<Right, Boolean> rights;

  private record Right(Viewer viewer, @Nullable String namespace) {}

  /** Asks these. */
  public Access(Reviews reviews, Clock clock) {
    this.reviews = reviews;
    this.viewers = new Remembered<>(MOST_TOKENS, clock);
    this.rights = new Remembered<>(MOST_RIGHTS, clock);
  }

  /**
   * Whose token this is; empty: nobody's.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the API server does not say
   */
  public Optional<Viewer> viewer(String token) {
    if (token.isBlank() || token.length() > MAX_TOKEN_CHARS) {
      return Optional.empty();
    }
    // By its hash: what is kept for long is no secret.
    return viewers.get(
        Hashes.sha256(token),
        _ -> reviews.viewer(token),
        answer -> answer.isPresent() ? BELIEVED : REFUSED);
  }

  /**
   * Whether somebody may see the OssMounts of a namespace.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the API server does not say
   */
  public boolean sees(Viewer viewer, String namespace) {
    return may(viewer, null) || may(viewer, namespace);
  }

  /** Those of the namespaces that somebody may see. */
  public Set<String> seen(Viewer viewer, Collection<String> namespaces) {
    if (may(viewer, null)) {
      return Set.copyOf(namespaces);
    }
    var answers = new LinkedHashMap<String, Future<Boolean>>();
    var permits = new Semaphore(PARALLEL);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var namespace : Set.copyOf(namespaces)) {
        Callable<Boolean> ask =
            () -> {
              permits.acquire();
              try {
                return may(viewer, namespace);
              } finally {
                permits.release();
              }
            };
        answers.put(namespace, threads.submit(ask));
      }
    }
    return answers.entrySet().stream()
        .filter(answer -> value(answer.getValue()))
        .map(answer -> answer.getKey())
        .collect(Collectors.toUnmodifiableSet());
  }

  private boolean may(Viewer viewer, @Nullable String namespace) {
    return rights.get(
        new Right(viewer, namespace), _ -> reviews.mayGetMounts(viewer, namespace), _ -> BELIEVED);
  }

  private static boolean value(Future<Boolean> ended) {
    try {
      return ended.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the API server was asked", e);
    }
  }
}
