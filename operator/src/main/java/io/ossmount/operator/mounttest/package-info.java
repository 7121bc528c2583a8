/**
 * Tests of OssMounts: what is known of one ({@link io.ossmount.operator.mounttest.TestObserver}),
 * what is to be done ({@link io.ossmount.operator.mounttest.TestStep}, pure), the Job and claims
 * that do it, and the status. Knows nothing of cache pods. Start with {@link
 * io.ossmount.operator.mounttest.TestRound}.
 */
@NullMarked
package io.ossmount.operator.mounttest;

import org.jspecify.annotations.NullMarked;
