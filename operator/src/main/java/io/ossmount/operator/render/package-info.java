/**
 * The Kubernetes objects that the operator makes, one static pure function per kind, and the {@code
 * mount.json} that cache pods read. Knows no client and reads no clock. Start with {@link
 * io.ossmount.operator.render.CachePod}.
 */
@NullMarked
package io.ossmount.operator.render;

import org.jspecify.annotations.NullMarked;
