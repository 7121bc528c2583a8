package io.ossmount.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * Another directory of OSS, shown at a path of an OssMount. What is null is as the OssMount has it;
 * {@link #within} fills it in.
 *
 * @param endpoint null: endpoint, region and addressing style are the OssMount's
 * @param region of the V4 signature; null: taken from the endpoint
 * @param addressingStyle null, with an endpoint: VirtualHosted
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = SourceRules.ENDPOINT_HAS_NO_BUCKET,
    message = SourceRules.ENDPOINT_HAS_BUCKET_MESSAGE,
    fieldPath = ".endpoint")
@ValidationRule(
    value = SourceRules.REGION_IS_KNOWN,
    message = SourceRules.REGION_IS_MISSING_MESSAGE,
    fieldPath = ".endpoint")
@ValidationRule(
    value = SourceRules.ENDPOINT_IS_THERE,
    message =
        "region and addressingStyle belong to an endpoint: write the endpoint of this mount as"
            + " well, or leave them out to have all three from the OssMount")
public record NestedMount(
    @JsonPropertyDescription(
            "Where the directory is shown: a path below the root of the files, such as labels or"
                + " raw/2024. It hides what the OssMount itself has there, and may lie inside"
                + " another of these paths.")
        @Required
        @Size(min = 1, max = NestedMount.PATH_BYTES)
        @ValidationRule(
            value = SourceRules.HAS_NO_SLASH_AT_ITS_ENDS,
            message =
                "a path is relative to the root of the files; write it without a slash at its"
                    + " start and end, as in raw/2024")
        @ValidationRule(
            value = SourceRules.HAS_NO_EMPTY_SEGMENT,
            message = "the path has an empty segment; write one slash between names")
        @ValidationRule(
            value = SourceRules.HAS_NO_DOTS,
            message =
                "a name of the path must not be . or ..; write the path from the root of the files")
        @ValidationRule(
            value = SourceRules.HAS_NO_CONTROL_CHARACTER,
            message = "the path must not contain control characters")
        @ValidationRule(
            value = "!self.split('/').exists(name, name.startsWith('%oss'))",
            message =
                "a name of the path must not begin with %oss: such names are for objects that have"
                    + " none of their own")
        @ValidationRule(
            value = "size(bytes(self)) <= 255",
            message = "the path is too long; it may have 255 bytes")
        String path,
    @JsonPropertyDescription("Name of the OSS bucket. May change at any time.")
        @Required
        @Size(max = SourceRules.BUCKET_LENGTH)
        @ValidationRule(value = SourceRules.IS_BUCKET, message = SourceRules.BUCKET_MESSAGE)
        String bucket,
    @JsonPropertyDescription(
            "Directory of the bucket that is shown. Empty: the whole bucket. May change at any"
                + " time.")
        @Default("\"\"")
        @Size(max = SourceRules.DIRECTORY_LENGTH)
        @ValidationRule(
            value = SourceRules.HAS_NO_SLASH_AT_ITS_ENDS,
            message = SourceRules.DIRECTORY_SLASH_MESSAGE)
        @ValidationRule(
            value = SourceRules.HAS_NO_EMPTY_SEGMENT,
            message = SourceRules.DIRECTORY_SEGMENT_MESSAGE)
        @ValidationRule(
            value = SourceRules.HAS_NO_DOTS,
            message = SourceRules.DIRECTORY_DOTS_MESSAGE)
        @ValidationRule(
            value = SourceRules.HAS_NO_CONTROL_CHARACTER,
            message = SourceRules.DIRECTORY_CHARACTER_MESSAGE)
        String directory,
    @JsonPropertyDescription(
            "Endpoint of the bucket, written as that of the OssMount. Absent: endpoint, region and"
                + " addressingStyle are those of the OssMount.")
        @Size(max = SourceRules.ENDPOINT_LENGTH)
        @ValidationRule(value = SourceRules.IS_ENDPOINT, message = SourceRules.ENDPOINT_MESSAGE)
        @Nullable String endpoint,
    @JsonPropertyDescription(
            "Region that requests to this endpoint are signed for. Taken from the endpoint when"
                + " that is one of aliyuncs.com with a region in its name; required for any"
                + " other.")
        @Size(max = SourceRules.REGION_LENGTH)
        @ValidationRule(value = SourceRules.IS_REGION, message = SourceRules.REGION_MESSAGE)
        @Nullable String region,
    @JsonPropertyDescription(
            "How requests to this endpoint name the bucket: VirtualHosted, which is the default,"
                + " or Path.")
        @Nullable AddressingStyle addressingStyle,
    @JsonPropertyDescription(
            "Secret of the same namespace with the credentials, with the keys of the OssMount's."
                + " Absent: the OssMount's own Secret.")
        @Nullable LocalReference secretRef,
    @JsonPropertyDescription(
            "Nothing can be written below the path. A read-only OssMount has read-only nested"
                + " mounts.")
        @Default("false")
        Boolean readOnly,
    @JsonPropertyDescription(
            "How long what was learned of this bucket is believed. Absent fields: as the OssMount"
                + " has it.")
        @Nullable MetadataCache metadataCache) {
  /** Most bytes of a path, so that each of its names is one that a directory can have. */
  static final long PATH_BYTES = 255;

  /** Fills in the defaults of the schema. */
  @SuppressWarnings("NullAway") // Jackson gives null for what is absent.
  public NestedMount {
    directory = requireNonNullElse(directory, "");
    readOnly = requireNonNullElse(readOnly, false);
  }

  /** The same with all that it has from the OssMount filled in. */
  public NestedMount within(OssMountSpec spec) {
    boolean own = endpoint != null;
    return new NestedMount(
        path,
        bucket,
        directory,
        own ? endpoint : spec.endpoint(),
        own ? region : spec.region(),
        own
            ? requireNonNullElse(addressingStyle, AddressingStyle.VirtualHosted)
            : spec.addressingStyle(),
        requireNonNullElse(secretRef, spec.secretRef()),
        readOnly || spec.readOnly(),
        metadataCache == null ? spec.metadataCache() : metadataCache.over(spec.metadataCache()));
  }
}
