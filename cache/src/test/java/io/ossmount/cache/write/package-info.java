/** Tests of staging and uploads. */
@NullMarked
package io.ossmount.cache.write;

import org.jspecify.annotations.NullMarked;
