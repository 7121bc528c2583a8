package io.ossmount.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Names an object, its kind given by the field, in the OssMount's own namespace. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LocalReference(
    @JsonPropertyDescription("Name of the object, in the namespace of the OssMount.")
        @Required
        @Size(max = 253)
        @ValidationRule(
            value = "self.matches('^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$')",
            message =
                "a name has characters of a-z, 0-9, - and ., and starts and ends with a letter"
                    + " or digit")
        String name) {}
