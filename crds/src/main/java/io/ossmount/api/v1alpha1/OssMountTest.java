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

/** One test of an OssMount of the same namespace. Mutable, as every fabric8 resource. */
@Group(Driver.GROUP)
@Version("v1alpha1")
@Kind("OssMountTest")
@Singular("ossmounttest")
@Plural("ossmounttests")
@ShortNames("omt")
@ValidationRule(
    value = "size(self.metadata.name) <= 52",
    message =
        "the name must have at most 52 characters: names of the Job and its claims are made from"
            + " it")
public final class OssMountTest extends CustomResource<OssMountTestSpec, OssMountTestStatus>
    implements Namespaced {
  @Serial private static final long serialVersionUID = 1;

  /** Nothing: a test without a spec has none. */
  @Override
  protected @Nullable OssMountTestSpec initSpec() {
    return null;
  }

  /** Nothing: the operator has not seen it yet. */
  @Override
  protected @Nullable OssMountTestStatus initStatus() {
    return null;
  }
}
