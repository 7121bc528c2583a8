package io.ossmount.cache.control;

import java.time.Instant;
import java.util.Optional;

/**
 * How the latest reset of the cache stands.
 *
 * @param value that asked for it
 * @param droppedBytes that were dropped at once
 * @param error why it is not done yet; "": it is done, or under way
 * @param finished when it was done; empty: it is not
 */
public record ResetReport(
    String value, long droppedBytes, String error, Optional<Instant> finished) {}
