/**
 * Who may see what: Kubernetes says. Knows nothing of pages. Start with {@link
 * io.ossmount.operator.dashboard.access.Access}.
 */
@NullMarked
package io.ossmount.operator.dashboard.access;

import org.jspecify.annotations.NullMarked;
