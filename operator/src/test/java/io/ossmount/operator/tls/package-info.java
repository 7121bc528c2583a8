/** Tests of the certificates. */
@NullMarked
package io.ossmount.operator.tls;

import org.jspecify.annotations.NullMarked;
