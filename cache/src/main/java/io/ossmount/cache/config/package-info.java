/**
 * What this process is told to serve and how: {@code mount.json}, read, checked and watched. Knows
 * nothing of what is done with it. Start reading at {@link io.ossmount.cache.config.MountSettings}.
 */
@NullMarked
package io.ossmount.cache.config;

import org.jspecify.annotations.NullMarked;
