package io.ossmount.csi.fdstore;

import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.proto.session.v1.PluginFrame;
import java.util.List;

/** The connection to one cache pod's process. Its methods never wait. */
public interface PodLink {
  /** UID of the OssMount that the pod serves. */
  String ossMountUid();

  /** Namespace/name of the pod, for people. */
  String label();

  /** The process at its other end. */
  ServerProcess process();

  /** Whether the pod answers Ping, so that its silence means that it hangs. */
  boolean answersPings();

  /**
   * Asks whether the pod is well, when it is time to.
   *
   * @param now in nanoseconds, as System.nanoTime()
   * @return false when it has not answered for so long that it hangs
   */
  boolean isWell(long now);

  /**
   * Sends a frame, in the order of the calls. When that fails the connection ends, and {@link
   * FdStore#disconnected} is called.
   *
   * @param descriptors stay the caller's; when one is closed before its turn, the frame is dropped
   */
  void send(PluginFrame frame, List<Descriptor> descriptors);

  /** Ends the connection. */
  void close();
}
