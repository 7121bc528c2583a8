@NullMarked
package io.ossmount.cache.supervise;

import org.jspecify.annotations.NullMarked;
