package io.ossmount.csi.fdstore;

import java.time.Duration;

/**
 * A session that was served and is not, while it is not being unmounted.
 *
 * @param waited since when, as far as this process knows; not the time in which it stood still
 */
public record Outage(Session session, Duration waited) {}
