package io.ossmount.api.v1alpha1;

import static io.ossmount.api.v1alpha1.SortedMaps.sorted;
import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The cache on each node and the pods that serve it. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Cache(
    @JsonPropertyDescription(
            "Most bytes that the cache takes on each node, such as 500Gi. Default: 100Gi.")
        @ValidationRule(
            value =
                "isQuantity(string(self)) && quantity(string(self)).isGreaterThan(quantity('0'))",
            message = "must be a quantity of bytes above 0, such as 500Gi")
        Quantity size,
    @JsonPropertyDescription(
            "Bytes of the node's file system that the cache leaves free, such as 50Gi. With less"
                + " than that free, the cache"
                + " gets smaller than its size. Default: 10Gi.")
        @ValidationRule(
            value = "isQuantity(string(self)) && !quantity(string(self)).isLessThan(quantity('0'))",
            message = "must be a quantity of bytes, 0 or more, such as 50Gi")
        Quantity keepFree,
    @JsonPropertyDescription(
            "Most bytes of this mount that are fetched ahead of readers at a time on each node, such"
                + " as 256Mi: the next parts of files that are read in sequence, and the next files"
                + " of directories. 0: nothing is fetched before it is asked for. Also the size up to"
                + " which a directory whose files are opened in any order is fetched whole. Default: 256Mi.")
        @ValidationRule(
            value = "isQuantity(string(self)) && !quantity(string(self)).isLessThan(quantity('0'))",
            message = "must be a quantity of bytes, 0 or more, such as 256Mi")
        Quantity readAhead,
    @JsonPropertyDescription(
            "Whether what is read and written is kept in the cache. None: bytes come from OSS each"
                + " time, but for those of files that the cache has whole already. A claim or a"
                + " StorageClass may say otherwise for its volumes. Default: Cache.")
        ReadMode readMode,
    @JsonPropertyDescription(
            "The least number of cache pods, each on a node of its own, so that they are there"
                + " before the first volume is."
                + " Every node with a volume in use has one besides. Default: 1.")
        @Min(0)
        @Max(10_000)
        Integer replicas,
    @JsonPropertyDescription(
            "How long the cache pod of a node without a volume in use stays, such as 10m. The"
                + " cached blocks stay on the node's"
                + " disk after it. Default: 10m.")
        @Size(max = Durations.MAX_LENGTH)
        @ValidationRule(value = Durations.IS_DURATION, message = Durations.MESSAGE)
        String idleTimeout,
    @JsonPropertyDescription(
            "CPU and memory of each cache pod. A change waits while volumes are in use. Default:"
                + " requests of cpu 500m and memory 1Gi, limits of memory 1Gi.")
        Resources resources,
    @JsonPropertyDescription(
            "Secrets of the same namespace with which the nodes pull the image of the cache pods.")
        @Size(max = 16)
        List<LocalReference> imagePullSecrets,
    @JsonPropertyDescription(
            "Labels of the nodes on which the replicas may be placed. A node with a volume in"
                + " use has a cache pod whatever its"
                + " labels.")
        @ValidationRule(value = "size(self) <= 32", message = "at most 32 labels")
        Map<String, String> nodeSelector) {
  private static final String SIZE = "100Gi";
  private static final String KEEP_FREE = "10Gi";
  private static final String READ_AHEAD = "256Mi";
  private static final String READ_MODE = "Cache";
  private static final String REPLICAS = "1";
  private static final String IDLE_TIMEOUT = "10m";

  /** Fills in what is absent. */
  @SuppressWarnings("NullAway") // Jackson gives null for what is absent.
  public Cache {
    size = requireNonNullElseGet(size, () -> Quantity.parse(SIZE));
    keepFree = requireNonNullElseGet(keepFree, () -> Quantity.parse(KEEP_FREE));
    readAhead = requireNonNullElseGet(readAhead, () -> Quantity.parse(READ_AHEAD));
    readMode = requireNonNullElse(readMode, ReadMode.valueOf(READ_MODE));
    replicas = requireNonNullElseGet(replicas, () -> Integer.valueOf(REPLICAS));
    idleTimeout = requireNonNullElse(idleTimeout, IDLE_TIMEOUT);
    resources = requireNonNullElseGet(resources, Resources::defaults);
    imagePullSecrets = List.copyOf(requireNonNullElseGet(imagePullSecrets, List::of));
    nodeSelector = sorted(requireNonNullElseGet(nodeSelector, Map::of));
  }

  static Cache defaults() {
    return from(null);
  }

  @SuppressWarnings("NullAway") // The constructor takes null for what is absent.
  private static Cache from(@Nullable Quantity size) {
    return new Cache(size, null, null, null, null, null, null, null, null);
  }
}
