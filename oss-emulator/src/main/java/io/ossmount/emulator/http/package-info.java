/**
 * HTTP/1.1 on blocking sockets, one thread for each connection: just what a storage server needs,
 * and with the wire in reach, because faults (cut bodies, resets) happen there and because a file
 * goes out by sendfile. Written by hand so that embedding the emulator brings no second HTTP stack
 * onto the class path of a test. Source: RFC 9112.
 *
 * <p>Must not know what is served. Start with {@link io.ossmount.emulator.http.HttpServer}, then
 * {@code HttpConnection}.
 */
@NullMarked
package io.ossmount.emulator.http;

import org.jspecify.annotations.NullMarked;
