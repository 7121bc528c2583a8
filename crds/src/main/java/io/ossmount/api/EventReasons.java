package io.ossmount.api;

/** Reasons of Events that another part of OssMount reads, each with who writes and who reads it. */
public final class EventReasons {
  /**
   * On an OssMount and on pods that use it: a node has given up a volume that no cache pod served.
   * Written by the node plugin, with the node as the source's host; read by the operator while the
   * node has no cache pod that could tell.
   */
  public static final String VOLUME_ABORTED = "VolumeAborted";

  private EventReasons() {}
}
