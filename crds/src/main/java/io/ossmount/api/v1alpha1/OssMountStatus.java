package io.ossmount.api.v1alpha1;

import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator sees. An operator that starts reads back what nothing else in the cluster says:
 * times of transition, that it is suspended, how far a reset is, and on which nodes writes wait.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OssMountStatus(
    @JsonPropertyDescription("Generation of the spec that this status speaks of.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription(
            "How the OssMount is doing: Ready, CredentialsResolved, BucketReachable,"
                + " CachePodsReady, UpdatePending, MountsReady when there are nested mounts,"
                + " VolumesHealthy while a volume gives errors on a node, WritesPending where writes"
                + " are Async, and those that are asked for: ResetPending, Suspended.")
        List<Condition> conditions,
    @JsonPropertyDescription("Nodes whose cache pod is ready, of those that need one, such as 2/2.")
        @Nullable String nodesReady,
    @JsonPropertyDescription("Number of PersistentVolumes that use this OssMount.")
        @Nullable Integer volumes,
    @JsonPropertyDescription("The caches of all nodes together.") @Nullable CacheStatus cache,
    @JsonPropertyDescription(
            "The cache pods, one for each node. The node plugin gives the node's cache directory"
                + " to no other pod.")
        List<CachePod> cachePods,
    @JsonPropertyDescription("Nested mounts that work, of all, such as 2/3; absent without any.")
        @Nullable String mountsReady,
    @JsonPropertyDescription("The nested mounts, one for each of spec.mounts.")
        List<NestedMountStatus> mounts,
    @JsonPropertyDescription(
            "The latest reset of the caches; absent: the annotation ossmount.io/reset has never"
                + " asked for one.")
        @Nullable ResetStatus reset,
    @JsonPropertyDescription(
            "What programs were told is written and is not in OSS yet (write mode Async), on all"
                + " nodes together. Absent: nothing.")
        @Nullable PendingStatus pending,
    @JsonPropertyDescription(
            "The spec as it is in effect: with the cluster's defaults and those of each field, also"
                + " in nested mounts. Has no secret, only the names of Secrets.")
        @Nullable OssMountSpec effective) {

  /** Fills in what is absent. */
  @SuppressWarnings("NullAway") // Jackson gives null for what is absent.
  public OssMountStatus {
    conditions = List.copyOf(requireNonNullElseGet(conditions, List::of));
    cachePods = List.copyOf(requireNonNullElseGet(cachePods, List::of));
    mounts = List.copyOf(requireNonNullElseGet(mounts, List::of));
  }

  /** The caches of all nodes together. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record CacheStatus(
      @JsonPropertyDescription("Most bytes that the caches may take now.")
          @Nullable Quantity capacity,
      @JsonPropertyDescription("Bytes that the caches hold now.") @Nullable Quantity used,
      @JsonPropertyDescription(
              "Of the bytes that the cache pods were asked for since they started, the share that"
                  + " the cache had, in percent. What kernels read themselves does not count:"
                  + " files in passthrough, and pages that they still have.")
          @Nullable Integer hitPercent) {}

  /** What is written and not in OSS yet, of all nodes; sums of {@code nodes}. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record PendingStatus(
      @JsonPropertyDescription("Number of objects.") @Nullable Long objects,
      @JsonPropertyDescription("Bytes that were written to them.") @Nullable Quantity bytes,
      @JsonPropertyDescription("Since when the oldest of them waits.") @Nullable String oldest,
      @JsonPropertyDescription(
              "The nodes on whose disks they are: what the node's cache pod said last, also when the"
                  + " pod or the node is gone.")
          List<NodePending> nodes) {

    /** Fills in what is absent. */
    @SuppressWarnings("NullAway") // Jackson gives null for what is absent.
    public PendingStatus {
      nodes = List.copyOf(requireNonNullElseGet(nodes, List::of));
    }
  }

  /** What is written and not in OSS yet, of one node. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record NodePending(
      @JsonPropertyDescription("Name of the node.") @io.fabric8.generator.annotation.Required
          String node,
      @JsonPropertyDescription("Number of objects.") @Nullable Long objects,
      @JsonPropertyDescription("Bytes that were written to them.") @Nullable Quantity bytes,
      @JsonPropertyDescription("Since when the oldest of them waits.") @Nullable String oldest) {}

  /** The cache pod of one node. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record CachePod(
      @JsonPropertyDescription("Name of the node.") @io.fabric8.generator.annotation.Required
          String node,
      @JsonPropertyDescription("Name of the pod.") @Nullable String name,
      @JsonPropertyDescription("UID of the pod.") @Nullable String uid,
      @JsonPropertyDescription("Whether the pod serves with the bucket reachable.")
          @Nullable Boolean ready,
      @JsonPropertyDescription("Number of sessions: mounts on the node that the pod serves.")
          @Nullable Integer sessions,
      @JsonPropertyDescription("Bytes that the cache of the node holds.")
          @Nullable Quantity used) {}
}
