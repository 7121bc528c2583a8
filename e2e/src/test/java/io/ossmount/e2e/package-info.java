/**
 * What a user does with OssMount, done on a real cluster: each class is one promise of the README.
 * The classes run one after another, on the chart installed once ({@link
 * io.ossmount.e2e.cluster.Installation}). Nodes, emulator and kubectl are in {@code e2e.cluster}.
 */
@NullMarked
package io.ossmount.e2e;

import org.jspecify.annotations.NullMarked;
