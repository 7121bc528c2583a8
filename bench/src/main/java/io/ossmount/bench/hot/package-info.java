/**
 * What is done for each request below the kernel, by itself: time and allocation. Uses only what
 * other modules show, so that a type need not become public to be measured. Start reading at {@link
 * io.ossmount.bench.hot.HotPaths}.
 */
@NullMarked
package io.ossmount.bench.hot;

import org.jspecify.annotations.NullMarked;
