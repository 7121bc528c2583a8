/** Tests of the images: what is in them, that they start, that equal inputs give equal bytes. */
@NullMarked
package io.ossmount.images;

import org.jspecify.annotations.NullMarked;
