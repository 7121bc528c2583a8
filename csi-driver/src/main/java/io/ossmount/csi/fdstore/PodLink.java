package io.ossmount.csi.fdstore;

import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.proto.session.v1.PluginFrame;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The connection to one cache pod's process. Its methods never wait. */
public interface PodLink {
  /** UID of the OssMount that the pod serves. */
  String ossMountUid();

  /** Namespace/name of the pod, for people. */
  String label();

  /** Id of the process; 0 when it cannot be seen from here. */
  int pid();

  /** Completes when the process has ended; at once when it cannot be seen from here. */
  CompletableFuture<?> processEnd();

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
