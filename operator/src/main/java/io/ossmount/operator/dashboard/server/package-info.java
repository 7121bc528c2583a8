/**
 * The dashboard over HTTPS: from requests to pages. Start with {@link
 * io.ossmount.operator.dashboard.server.Dashboard}.
 */
@NullMarked
package io.ossmount.operator.dashboard.server;

import org.jspecify.annotations.NullMarked;
