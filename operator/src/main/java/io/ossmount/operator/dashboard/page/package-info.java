/**
 * What the dashboard shows, as HTML: pure functions from records to {@link
 * io.ossmount.operator.dashboard.page.Markup}, the one place where text is escaped. Start with
 * {@link io.ossmount.operator.dashboard.page.MountPage}.
 */
@NullMarked
package io.ossmount.operator.dashboard.page;

import org.jspecify.annotations.NullMarked;
