package io.ossmount.cache.serve;

import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.UnixConnection;
import io.ossmount.proto.session.v1.Ended;
import io.ossmount.proto.session.v1.NotServing;
import io.ossmount.proto.session.v1.PodFrame;
import io.ossmount.proto.session.v1.Serving;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said to the node plugin, on whatever connection there is. What cannot be said is dropped:
 * the next connection begins with all that counts. Thread-safe; not for virtual threads.
 */
final class PluginLink {
  private static final Logger log = LoggerFactory.getLogger(PluginLink.class);

  private volatile @Nullable UnixConnection connection;

  void connected(UnixConnection to) {
    connection = to;
  }

  void disconnected() {
    connection = null;
  }

  boolean isConnected() {
    UnixConnection now = connection;
    return now != null && !now.isClosed();
  }

  void serving(String session) {
    send(PodFrame.newBuilder().setServing(Serving.newBuilder().setSession(session)).build());
  }

  void notServing(String session, Refusal why) {
    send(
        PodFrame.newBuilder()
            .setNotServing(
                NotServing.newBuilder()
                    .setSession(session)
                    .setReason(why.reason())
                    .setMessage(why.message()))
            .build());
  }

  void ended(String session) {
    send(PodFrame.newBuilder().setEnded(Ended.newBuilder().setSession(session)).build());
  }

  /** Why a session is not served. */
  record Refusal(String reason, String message) {}

  private void send(PodFrame frame) {
    UnixConnection now = connection;
    if (now == null) {
      return;
    }
    try {
      now.send(frame.toByteArray(), List.<Descriptor>of());
    } catch (IOException e) {
      log.warn("the node plugin cannot be told {}: {}", frame.getFrameCase(), e.toString());
      now.close();
    }
  }
}
