/** An object store in memory, for tests: keeps the contract, and can be told to fail. */
@NullMarked
package io.ossmount.cache.store.memory;

import org.jspecify.annotations.NullMarked;
