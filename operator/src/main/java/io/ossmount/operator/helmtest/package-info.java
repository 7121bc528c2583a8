/**
 * {@code helm test}: whether an installation works, as the chart's test hook asks. Uses the API as
 * a user does, and knows nothing of reconciling. Start with {@link
 * io.ossmount.operator.helmtest.InstallationTest}.
 */
@NullMarked
package io.ossmount.operator.helmtest;

import org.jspecify.annotations.NullMarked;
