package io.ossmount.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;

/** How written bytes reach OSS. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Write(
    @JsonPropertyDescription(
            "When close(2) of a written file returns. Through: when OSS has the object. Async: when"
                + " the bytes are durable on the node's disk; they go up in the background, also"
                + " after the pod or the node was restarted, and are lost with the node's disk."
                + " fsync(2) waits for OSS in both. A claim or a StorageClass may say otherwise for"
                + " its volumes. Default: Through.")
        WriteMode mode,
    @JsonPropertyDescription(
            "Size of the parts in which large files go up, such as 16Mi. Files of less than two"
                + " parts go up in one request; OSS takes 10000 parts, so that parts of larger files"
                + " are larger. Default: 16Mi.")
        @ValidationRule(
            value =
                "isQuantity(string(self)) && !quantity(string(self)).isLessThan(quantity('100Ki'))"
                    + " && !quantity(string(self)).isGreaterThan(quantity('1Gi'))",
            message = "must be a quantity of bytes from 100Ki to 1Gi, such as 16Mi")
        Quantity partSize,
    @JsonPropertyDescription(
            "Most bytes on each node that were written and are not in OSS yet, such as 50Gi; never"
                + " more than half of what its disk has free. Who writes more gets ENOSPC. Default:"
                + " 50Gi.")
        @ValidationRule(
            value =
                "isQuantity(string(self)) && !quantity(string(self)).isLessThan(quantity('64Mi'))",
            message = "must be a quantity of bytes, 64Mi or more, such as 50Gi")
        Quantity stagingSize) {
  private static final String MODE = "Through";
  private static final String PART_SIZE = "16Mi";
  private static final String STAGING_SIZE = "50Gi";

  /** Fills in what is absent. */
  @SuppressWarnings("NullAway") // Jackson gives null for what is absent.
  public Write {
    mode = requireNonNullElse(mode, WriteMode.valueOf(MODE));
    partSize = requireNonNullElseGet(partSize, () -> Quantity.parse(PART_SIZE));
    stagingSize = requireNonNullElseGet(stagingSize, () -> Quantity.parse(STAGING_SIZE));
  }

  /** What holds for an OssMount that does not say otherwise. */
  public static Write defaults() {
    return new Write(
        WriteMode.valueOf(MODE), Quantity.parse(PART_SIZE), Quantity.parse(STAGING_SIZE));
  }
}
