/**
 * The operator: turns OssMounts into cache pods. Each reconciliation observes (cluster to records),
 * plans (pure), renders (pure), applies (server-side apply) and reports (conditions, Events). Start
 * with {@link io.ossmount.operator.OssMountReconciler}.
 */
@NullMarked
package io.ossmount.operator;

import org.jspecify.annotations.NullMarked;
