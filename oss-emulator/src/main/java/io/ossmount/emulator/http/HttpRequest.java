package io.ossmount.emulator.http;

/**
 * A request whose body may still be on its way.
 *
 * @param method upper case
 * @param host authority asked for, with port if given; empty if not said
 * @param path raw, percent-encoded, begins with "/"
 * @param query decoded
 * @param headers all fields
 * @param body reads what follows
 */
public record HttpRequest(
    String method, String host, String path, Query query, HttpHeaders headers, RequestBody body) {}
