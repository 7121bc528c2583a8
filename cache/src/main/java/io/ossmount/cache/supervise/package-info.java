/**
 * Two ends of one agreement. The supervisor, PID 1 of a cache pod, starts the server and starts it
 * again when it ends or hangs: read {@link io.ossmount.cache.supervise.SupervisorMain}. The server
 * shows that its work goes on: read {@link io.ossmount.cache.supervise.Supervised}. What both have
 * to know is {@link io.ossmount.cache.supervise.Agreement}.
 *
 * <p>The supervisor's end knows the JDK alone, and little of that: it is a JVM of its own, and what
 * it loads is memory of every pod. So it has no logger, and no lambdas, switches over patterns or
 * sums of strings, for which the JVM makes classes as it goes.
 */
@NullMarked
package io.ossmount.cache.supervise;

import org.jspecify.annotations.NullMarked;
