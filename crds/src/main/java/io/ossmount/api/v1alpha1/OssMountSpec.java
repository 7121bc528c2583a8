package io.ossmount.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * What a user asks for. Absent fields have their defaults, also in objects that no API server has
 * seen.
 *
 * @param region of the V4 signature; null: taken from the endpoint
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value =
        "!self.endpoint.lowerAscii().replace('https://', '').replace('http://',"
            + " '').startsWith(self.bucket + '.')",
    message =
        "endpoint must not contain the bucket; write it without, as in"
            + " oss-cn-shanghai.aliyuncs.com",
    fieldPath = ".endpoint")
@ValidationRule(
    value =
        "has(self.region) ||"
            + " (self.endpoint.matches('^(https?://)?oss-[a-z0-9-]+[.]aliyuncs[.]com(:[0-9]+)?$')"
            + " && !self.endpoint.contains('oss-accelerate'))",
    message =
        "region is required: it cannot be taken from this endpoint; add the bucket's region,"
            + " such as cn-shanghai",
    fieldPath = ".endpoint")
public record OssMountSpec(
    @JsonPropertyDescription(
            "Name of the OSS bucket. Cannot change while volumes use this OssMount.")
        @Required
        @Size(max = 255)
        @ValidationRule(
            value = "self.matches('^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$')",
            message =
                "a bucket name has 3 to 63 characters of a-z, 0-9 and -, and neither starts nor"
                    + " ends with -")
        String bucket,
    @JsonPropertyDescription(
            "Directory of the bucket that is the root of the files, such as datasets/imagenet."
                + " Empty: the whole bucket."
                + " Cannot change while volumes use this OssMount.")
        @Default("\"\"")
        @Size(max = 900)
        @ValidationRule(
            value = "!self.startsWith('/') && !self.endsWith('/')",
            message =
                "write the directory without a slash at its start and end, as in datasets/imagenet")
        @ValidationRule(
            value = "!self.contains('//')",
            message = "the directory has an empty segment; write one slash between segments")
        @ValidationRule(
            value = "!self.split('/').exists(segment, segment == '.' || segment == '..')",
            message =
                "a segment of the directory must not be . or ..; name the directory from the"
                    + " bucket's root")
        @ValidationRule(
            value = "!self.matches('[\\\\x00-\\\\x1f\\\\x7f]')",
            message = "the directory must not contain control characters")
        String directory,
    @JsonPropertyDescription(
            "Endpoint of OSS, such as oss-cn-shanghai-internal.aliyuncs.com: host, with a scheme"
                + " (https when there is none)"
                + " and a port if need be, without bucket or path. May change at any time; takes"
                + " effect without a restart.")
        @Required
        @Size(max = 255)
        @ValidationRule(
            value =
                "self.matches('^(https?://)?([a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?|\\\\[[0-9a-fA-F:]+\\\\])(:[0-9]{1,5})?$')",
            message =
                "an endpoint is a host with an optional https:// or http:// before and an"
                    + " optional :port behind it,"
                    + " without path or query, as in https://oss-cn-shanghai.aliyuncs.com")
        String endpoint,
    @JsonPropertyDescription(
            "Region that requests are signed for, such as cn-shanghai. Taken from the endpoint"
                + " when that is one of"
                + " aliyuncs.com with a region in its name; required for any other.")
        @Size(max = 64)
        @ValidationRule(
            value = "self.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$') && !self.startsWith('oss-')",
            message = "a region is written as in cn-shanghai, without oss- before it")
        @Nullable String region,
    @JsonPropertyDescription(
            "How requests name the bucket. VirtualHosted: in the host name, as Alibaba Cloud"
                + " wants it. Path: in the path,"
                + " for endpoints that are addresses or have no names for buckets.")
        @Default("VirtualHosted")
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
        @Default("{}")
        Files files,
    @JsonPropertyDescription(
            "How long what was learned of the bucket is believed. Changes made through this"
                + " OssMount are seen at once.")
        @Default("{}")
        MetadataCache metadataCache,
    @JsonPropertyDescription("The cache on each node and the pods that serve it.") @Default("{}")
        Cache cache,
    @JsonPropertyDescription("Deadlines of requests to OSS.") @Default("{}") Timeouts timeouts,
    @JsonPropertyDescription("What becomes of volumes in use that no cache pod serves.")
        @Default("{}")
        Recovery recovery,
    @JsonPropertyDescription("How written bytes reach OSS.") @Default("{}") Write write) {

  /** Fills in the defaults of the schema. */
  @SuppressWarnings(
      "NullAway") // An absent required field is what the rules of the schema refuse, not a crash
  // here.
  public OssMountSpec {
    directory = requireNonNullElse(directory, "");
    addressingStyle = requireNonNullElse(addressingStyle, AddressingStyle.VirtualHosted);
    readOnly = requireNonNullElse(readOnly, false);
    allowedNamespaces = requireNonNullElseGet(allowedNamespaces, AllowedNamespaces::sameOnly);
    files = requireNonNullElseGet(files, Files::defaults);
    metadataCache = requireNonNullElseGet(metadataCache, MetadataCache::defaults);
    cache = requireNonNullElseGet(cache, Cache::defaults);
    timeouts = requireNonNullElseGet(timeouts, Timeouts::defaults);
    recovery = requireNonNullElseGet(recovery, Recovery::defaults);
    write = requireNonNullElseGet(write, Write::defaults);
  }
}
