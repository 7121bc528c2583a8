package io.ossmount.api.v1alpha1;

import static io.ossmount.api.v1alpha1.SortedMaps.sorted;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/** CPU, memory and whatever else a container may ask for; requests and limits as in every pod. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Resources(
    @JsonPropertyDescription(
            "What is reserved for each cache pod, such as cpu: 500m and memory: 1Gi.")
        Map<String, Quantity> requests,
    @JsonPropertyDescription(
            "What each cache pod may take at most. Its memory follows limits.memory.")
        Map<String, Quantity> limits) {

  /** Fills in what is absent. */
  @SuppressWarnings("NullAway") // Jackson gives null for what is absent.
  public Resources {
    requests = sorted(requireNonNullElseGet(requests, Map::of));
    limits = sorted(requireNonNullElseGet(limits, Map::of));
  }

  static Resources defaults() {
    return new Resources(
        Map.of("cpu", Quantity.parse("500m"), "memory", Quantity.parse("1Gi")),
        Map.of("memory", Quantity.parse("1Gi")));
  }
}
