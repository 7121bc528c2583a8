/**
 * The OSS API over HTTP: which bucket, object and operation a request means, what it is allowed,
 * what it does in the store, and what the answer looks like. Source: the API reference of OSS; each
 * operation cites its page by the name in {@link io.ossmount.emulator.api.Operation}.
 *
 * <p>The order of checks is that of OSS: signature, rights, bucket, arguments, object. Start with
 * {@link io.ossmount.emulator.protocol.OssService}.
 */
@NullMarked
package io.ossmount.emulator.protocol;

import org.jspecify.annotations.NullMarked;
