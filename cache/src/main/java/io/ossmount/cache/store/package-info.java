/**
 * Objects and what can be asked of the place that keeps them. {@link
 * io.ossmount.cache.store.ObjectStore} is the contract; {@code store.oss} implements it with the
 * OSS SDK, which no other package sees. Knows nothing of files.
 */
@NullMarked
package io.ossmount.cache.store;

import org.jspecify.annotations.NullMarked;
