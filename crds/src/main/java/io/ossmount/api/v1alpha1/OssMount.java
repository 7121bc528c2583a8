package io.ossmount.api.v1alpha1;

import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import io.ossmount.api.Driver;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A directory of an OSS bucket, the credentials for it, and how it is cached. Mutable, as every
 * fabric8 resource.
 */
@Group(Driver.GROUP)
@Version("v1alpha1")
@Kind("OssMount")
@Singular("ossmount")
@Plural("ossmounts")
@ShortNames("om")
@ValidationRule(
    value = "size(self.metadata.name) <= 52",
    message =
        "the name must have at most 52 characters: names of cache pods and Secrets are made from"
            + " it")
@ValidationRule(
    value =
        "!has(self.status) || !has(self.status.volumes) || self.status.volumes == 0"
            + " || self.spec.bucket == oldSelf.spec.bucket",
    message =
        "bucket cannot change while volumes use this OssMount; delete their claims first, or"
            + " make another OssMount")
@ValidationRule(
    value =
        "!has(self.status) || !has(self.status.pending)"
            + " || (self.spec.bucket == oldSelf.spec.bucket"
            + " && (has(self.spec.directory) ? self.spec.directory : '')"
            + " == (has(oldSelf.spec.directory) ? oldSelf.spec.directory : ''))",
    message =
        "bucket and directory cannot change while written files are not uploaded; wait until"
            + " status.pending is gone, or make another OssMount")
@ValidationRule(
    value =
        "!has(self.status) || !has(self.status.volumes) || self.status.volumes == 0"
            + " || (has(self.spec.directory) ? self.spec.directory : '')"
            + " == (has(oldSelf.spec.directory) ? oldSelf.spec.directory : '')",
    message =
        "directory cannot change while volumes use this OssMount; delete their claims first, or"
            + " make another OssMount")
public final class OssMount extends CustomResource<OssMountSpec, OssMountStatus>
    implements Namespaced {
  @Serial private static final long serialVersionUID = 1;

  /** Nothing: an OssMount without a spec has none. */
  @Override
  protected @Nullable OssMountSpec initSpec() {
    return null;
  }

  /** Nothing: the operator has not seen it yet. */
  @Override
  protected @Nullable OssMountStatus initStatus() {
    return null;
  }
}
