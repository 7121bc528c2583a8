/** What the dashboard asks the API server for, because no informer watches it. */
@NullMarked
package io.ossmount.operator.dashboard.source;

import org.jspecify.annotations.NullMarked;
