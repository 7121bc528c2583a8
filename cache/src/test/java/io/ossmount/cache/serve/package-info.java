/** Tests of the pod's side of the conversation with the node plugin. */
@NullMarked
package io.ossmount.cache.serve;

import org.jspecify.annotations.NullMarked;
