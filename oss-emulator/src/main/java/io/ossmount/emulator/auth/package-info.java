/**
 * Who asks, and what they may do: access keys with their rights, and the V1 and V4 signatures in
 * headers and URLs, and that of S3 in the header, which OSS takes as well. Sources: "Signature
 * methods" in the API reference of OSS; "Authenticating Requests" in that of Amazon S3.
 *
 * <p>Must not know what operations do, nor what is stored. Start with {@link
 * io.ossmount.emulator.auth.Authenticator}.
 */
@NullMarked
package io.ossmount.emulator.auth;

import org.jspecify.annotations.NullMarked;
