package io.ossmount.operator.control;

/**
 * Where a cache pod answers.
 *
 * @param uid of the pod
 * @param ip of the pod
 * @param serverName by which its certificate is verified
 */
public record PodAddress(String uid, String ip, String serverName) {}
