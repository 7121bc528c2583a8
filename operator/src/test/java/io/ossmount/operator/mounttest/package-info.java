/** Tests of the tests of OssMounts. */
@NullMarked
package io.ossmount.operator.mounttest;

import org.jspecify.annotations.NullMarked;
