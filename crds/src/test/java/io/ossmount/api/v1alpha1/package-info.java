/** Tests of the API's records. */
@NullMarked
package io.ossmount.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
