package io.ossmount.operator.observe;

import io.ossmount.api.v1alpha1.NestedMount;

/**
 * A nested mount of an OssMount.
 *
 * @param mount with all that it has from the OssMount
 * @param credentials that it uses
 * @param ownSecret whether these are in a Secret of its own
 */
public record ObservedNestedMount(
    NestedMount mount, CredentialsLookup credentials, boolean ownSecret) {}
