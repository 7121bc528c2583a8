/**
 * What applications do with the files, in processes of their own: each step is timed, each byte
 * checked. Knows nothing of faults and of who serves the files.
 */
@NullMarked
package io.ossmount.chaos.work;

import org.jspecify.annotations.NullMarked;
