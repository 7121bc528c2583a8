/**
 * A real API server with its etcd, and cache pods that are only said to run, for tests of the whole
 * operator without nodes. Start with {@link io.ossmount.operator.apiserver.ApiServer}.
 */
@NullMarked
package io.ossmount.operator.apiserver;

import org.jspecify.annotations.NullMarked;
