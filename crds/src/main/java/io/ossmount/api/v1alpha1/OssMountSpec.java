package io.ossmount.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a user asks for. Absent fields have their defaults here, not in the schema: so the operator
 * can tell what a user did not write, and an installation can have other defaults.
 *
 * @param endpoint null: there is none, neither here nor in the cluster's defaults
 * @param region of the V4 signature; null: taken from the endpoint
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
        "region and addressingStyle belong to an endpoint: write the endpoint as well, or leave them"
            + " out to have all three as the cluster's default")
public record OssMountSpec(
    @JsonPropertyDescription(
            "Name of the OSS bucket. Cannot change while volumes use this OssMount.")
        @Required
        @Size(max = SourceRules.BUCKET_LENGTH)
        @ValidationRule(value = SourceRules.IS_BUCKET, message = SourceRules.BUCKET_MESSAGE)
        String bucket,
    @JsonPropertyDescription(
            "Directory of the bucket that is the root of the files, such as datasets/imagenet."
                + " Empty: the whole bucket."
                + " Cannot change while volumes use this OssMount.")
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
            "Endpoint of OSS, such as oss-cn-shanghai-internal.aliyuncs.com: host, with a scheme"
                + " (https when there is none)"
                + " and a port if need be, without bucket or path. May change at any time; takes"
                + " effect without a restart. Absent: endpoint, region and addressingStyle are the"
                + " cluster's default, if there is one.")
        @Size(max = SourceRules.ENDPOINT_LENGTH)
        @ValidationRule(value = SourceRules.IS_ENDPOINT, message = SourceRules.ENDPOINT_MESSAGE)
        @Nullable String endpoint,
    @JsonPropertyDescription(
            "Region that requests are signed for, such as cn-shanghai. Taken from the endpoint"
                + " when that is one of"
                + " aliyuncs.com with a region in its name; required for any other.")
        @Size(max = SourceRules.REGION_LENGTH)
        @ValidationRule(value = SourceRules.IS_REGION, message = SourceRules.REGION_MESSAGE)
        @Nullable String region,
    @JsonPropertyDescription(
            "How requests name the bucket. VirtualHosted: in the host name, as Alibaba Cloud"
                + " wants it. Path: in the path,"
                + " for endpoints that are addresses or have no names for buckets. Default:"
                + " VirtualHosted.")
        AddressingStyle addressingStyle,
    @JsonPropertyDescription(
            "Secret of the same namespace with the credentials: keys accessKeyId,"
                + " accessKeySecret and, for temporary"
                + " credentials, securityToken. A changed Secret takes effect without a restart.")
        @Required
        LocalReference secretRef,
    @JsonPropertyDescription(
            "Nothing can be written through this OssMount, and the credentials need no right to"
                + " write.")
        @Default("false")
        Boolean readOnly,
    @JsonPropertyDescription(
            "Namespaces whose claims may use this OssMount through a StorageClass that names it.")
        @Default("{}")
        AllowedNamespaces allowedNamespaces,
    @JsonPropertyDescription(
            "Owner and mode that files and directories show when their objects do not say"
                + " otherwise.")
        Files files,
    @JsonPropertyDescription(
            "How long what was learned of the bucket is believed. Changes made through this"
                + " OssMount are seen at once.")
        MetadataCache metadataCache,
    @JsonPropertyDescription("The cache on each node and the pods that serve it.") Cache cache,
    @JsonPropertyDescription("Deadlines of requests to OSS.") Timeouts timeouts,
    @JsonPropertyDescription("What becomes of volumes in use that no cache pod serves.")
        Recovery recovery,
    @JsonPropertyDescription("How written bytes reach OSS.") Write write,
    @JsonPropertyDescription(
            "No cache pod runs while this is true, and what is cached stays on the nodes. Begins"
                + " when no volume is in use; volumes that are attached afterwards wait until it is"
                + " false.")
        @Default("false")
        Boolean suspend,
    @JsonPropertyDescription(
            "Nested mounts: directories of other buckets, or of this one, shown at paths of the"
                + " same files. May be added, changed and removed at any time; takes effect without"
                + " a restart.")
        @Size(max = OssMountSpec.MAX_MOUNTS)
        List<NestedMount> mounts) {
  /** Most nested mounts of one OssMount. */
  static final long MAX_MOUNTS = 64;

  /** Fills in what is absent. */
  @SuppressWarnings(
      "NullAway") // An absent required field is what the rules of the schema refuse, not a crash
  // here.
  public OssMountSpec {
    directory = requireNonNullElse(directory, "");
    addressingStyle = requireNonNullElse(addressingStyle, AddressingStyle.VirtualHosted);
    readOnly = requireNonNullElse(readOnly, false);
    allowedNamespaces = requireNonNullElseGet(allowedNamespaces, AllowedNamespaces::sameOnly);
    files = requireNonNullElseGet(files, Files::defaults);
    metadataCache =
        metadataCache == null ? MetadataCache.DEFAULTS : metadataCache.over(MetadataCache.DEFAULTS);
    cache = requireNonNullElseGet(cache, Cache::defaults);
    timeouts = requireNonNullElseGet(timeouts, Timeouts::defaults);
    recovery = requireNonNullElseGet(recovery, Recovery::defaults);
    mounts = List.copyOf(requireNonNullElseGet(mounts, List::of));
    suspend = requireNonNullElse(suspend, false);
    write = requireNonNullElseGet(write, Write::defaults);
  }

  /** The same with each nested mount as it is in effect, {@link NestedMount#within} this. */
  public OssMountSpec inEffect() {
    return new OssMountSpec(
        bucket,
        directory,
        endpoint,
        region,
        addressingStyle,
        secretRef,
        readOnly,
        allowedNamespaces,
        files,
        metadataCache,
        cache,
        timeouts,
        recovery,
        write,
        suspend,
        mounts.stream().map(mount -> mount.within(this)).toList());
  }
}
