/**
 * Makes the container images of OssMount without a Docker engine: from scratch, on a Java runtime
 * of only the modules that they need, with the C library's files of the machine that builds. Knows
 * the other modules by the names of their main classes and the class paths that their builds wrote.
 * Start reading at {@link io.ossmount.images.ImagesMain}, then {@link io.ossmount.images.Product}.
 */
@NullMarked
package io.ossmount.images;

import org.jspecify.annotations.NullMarked;
