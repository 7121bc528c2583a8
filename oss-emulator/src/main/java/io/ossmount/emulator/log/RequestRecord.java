package io.ossmount.emulator.log;

import io.ossmount.emulator.api.Operation;
import java.time.Instant;

/**
 * One request and what became of it so far.
 *
 * @param time when its head had arrived
 * @param requestId as the client saw it
 * @param operation what it asked for
 * @param method HTTP method
 * @param bucket "" for the service
 * @param key "" for a bucket
 * @param range the Range header; "" without one
 * @param accessKeyId who signed; "" if nobody did, or wrongly
 * @param status HTTP status; 0: not answered (yet)
 * @param errorCode "" without an error
 * @param bytesIn of the request's body, read so far
 * @param bytesOut of the answer's body; never less than what the client has
 * @param isFaulted whether a fault was injected
 */
public record RequestRecord(
    Instant time,
    String requestId,
    Operation operation,
    String method,
    String bucket,
    String key,
    String range,
    String accessKeyId,
    int status,
    String errorCode,
    long bytesIn,
    long bytesOut,
    boolean isFaulted) {}
