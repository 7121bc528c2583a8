package io.ossmount.operator.control;

/** Asks cache pods what is in their directories. Safe for use by many threads. */
@FunctionalInterface
public interface DirectoryClient {
  /**
   * Asks a pod, and waits some seconds at most.
   *
   * @param path names as the mount shows them with "/" between; "": the root
   * @param pageToken of the page before; "": the first
   * @param pageSize 1 to 1,000
   */
  DirectoryAnswer list(PodAddress pod, String path, String pageToken, int pageSize);
}
