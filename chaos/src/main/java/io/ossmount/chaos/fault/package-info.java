/** What is done to a scene, and what applications may see of it; the faults that any scene has. */
@NullMarked
package io.ossmount.chaos.fault;

import org.jspecify.annotations.NullMarked;
