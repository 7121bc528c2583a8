package io.ossmount.csi.fdstore;

import java.util.function.Predicate;

/**
 * A session that the mount table shows, and whose file does not say what it is for.
 *
 * @param name of the session
 * @param device {@code major:minor} of its file system in the mount table
 * @param ossMount namespace/name of the OssMount, for people
 * @param recalled asked when its cache pod has said what it is for, on a thread that may wait for a
 *     disk, and throws nothing; false: it stays unknown
 */
public record UnknownSession(
    String name, String device, String ossMount, Predicate<SessionInfo> recalled) {}
