/** Tests of the tests of a mount that need no mount. */
@NullMarked
package io.ossmount.cache.selftest;

import org.jspecify.annotations.NullMarked;
