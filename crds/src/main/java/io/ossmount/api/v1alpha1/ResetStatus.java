package io.ossmount.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** The latest reset of the caches. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ResetStatus(
    @JsonPropertyDescription("Value of the annotation ossmount.io/reset that asked for it.")
        @Required
        String value,
    @JsonPropertyDescription(
            "Nodes that have dropped what they had cached, of those with a cache pod, such as 2/3."
                + " A node without one does it before it serves again.")
        @Nullable String nodesDone,
    @JsonPropertyDescription(
            "Bytes that were dropped at once. What was open is dropped when it is closed, and does"
                + " not count.")
        @Nullable Quantity droppedBytes,
    @JsonPropertyDescription("When the operator first saw the value.") @Nullable String startedAt,
    @JsonPropertyDescription("When the last of the nodes had done it; absent: it is under way.")
        @Nullable String finishedAt,
    @JsonPropertyDescription("How far it is, for people.") @Nullable String message) {}
