/**
 * The pod's side of the conversation with the node plugin: sessions are taken, served and given
 * back. Knows nothing of files or objects: {@link io.ossmount.cache.serve.SessionFactory} makes
 * what answers a session. Start reading at {@link io.ossmount.cache.serve.SessionClient}.
 */
@NullMarked
package io.ossmount.cache.serve;

import org.jspecify.annotations.NullMarked;
