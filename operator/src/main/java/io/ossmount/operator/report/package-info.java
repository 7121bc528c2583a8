/**
 * Says what is: conditions and figures for the status, Events for what a user must act on. What is
 * said is computed by pure functions. Start with {@link io.ossmount.operator.report.Assessment}.
 */
@NullMarked
package io.ossmount.operator.report;

import org.jspecify.annotations.NullMarked;
