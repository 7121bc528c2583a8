/**
 * What the operator sees of an OssMount: reads informers and Secrets into records, from which
 * everything else is computed. Decides nothing. Start with {@link
 * io.ossmount.operator.observe.Observed}.
 */
@NullMarked
package io.ossmount.operator.observe;

import org.jspecify.annotations.NullMarked;
