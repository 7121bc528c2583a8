package io.ossmount.operator.control;

/**
 * Where a cache pod answers.
 *
 * @param uid of the pod
 * @param container that runs in it: what one before it said does not hold for the next
 * @param ip of the pod
 * @param serverName by which its certificate is verified
 */
public record PodAddress(String uid, String container, String ip, String serverName) {}
