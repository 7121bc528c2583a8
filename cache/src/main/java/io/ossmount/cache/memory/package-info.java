/**
 * How much memory the process may use, and what of it each part may take. Start reading at {@link
 * io.ossmount.cache.memory.MemoryPlan}. Knows no other room: they are given numbers.
 */
@NullMarked
package io.ossmount.cache.memory;

import org.jspecify.annotations.NullMarked;
