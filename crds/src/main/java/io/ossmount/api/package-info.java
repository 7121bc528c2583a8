/**
 * Names that OssMount's programs share through the Kubernetes API: labels, annotations, the
 * finalizer, the driver's name, the keys of a volume's context. Each says who writes it and who
 * reads it. Knows nothing of the programs themselves. Start with {@link io.ossmount.api.Driver}.
 */
@NullMarked
package io.ossmount.api;

import org.jspecify.annotations.NullMarked;
