package io.ossmount.emulator.auth;

import io.ossmount.emulator.http.HttpHeaders;
import io.ossmount.emulator.http.Query;

/**
 * What a signature covers.
 *
 * @param method upper case
 * @param bucket "" when the request is for the service
 * @param key "" when it is for the bucket
 * @param path as it was asked for, decoded
 * @param query decoded
 * @param headers all fields
 */
public record SignedRequest(
    String method, String bucket, String key, String path, Query query, HttpHeaders headers) {
  String header(String name) {
    return headers.get(name).orElse("").trim();
  }

  /** "/", "/bucket/" or "/bucket/key". */
  String resource() {
    return bucket.isEmpty() ? "/" : "/" + bucket + "/" + key;
  }
}
