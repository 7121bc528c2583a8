package io.ossmount.cache.serve;

import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.SeenTask;
import io.ossmount.fuse.kernel.UnixConnection;
import io.ossmount.proto.session.v1.AskThreads;
import io.ossmount.proto.session.v1.CloseBacking;
import io.ossmount.proto.session.v1.Ended;
import io.ossmount.proto.session.v1.Leaving;
import io.ossmount.proto.session.v1.NotServing;
import io.ossmount.proto.session.v1.OpenBacking;
import io.ossmount.proto.session.v1.PodFrame;
import io.ossmount.proto.session.v1.Pong;
import io.ossmount.proto.session.v1.SeenThread;
import io.ossmount.proto.session.v1.Serving;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
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

  void handedOver(String session) {
    Ended ended = Ended.newBuilder().setSession(session).setHandedOver(true).build();
    send(PodFrame.newBuilder().setEnded(ended).build());
  }

  /** Asks for a backing id; the file stays the caller's. False: there is nobody to ask. */
  boolean openBacking(String session, long request, Descriptor file) {
    OpenBacking wanted = OpenBacking.newBuilder().setSession(session).setRequest(request).build();
    return send(PodFrame.newBuilder().setOpenBacking(wanted).build(), List.of(file));
  }

  /** Takes a backing id back. False: there is nobody to tell. */
  boolean closeBacking(String session, int id) {
    CloseBacking closed = CloseBacking.newBuilder().setSession(session).setId(id).build();
    return send(PodFrame.newBuilder().setCloseBacking(closed).build(), List.of());
  }

  /** Asks whether all of these live apart from {@code closer}. False: there is nobody to ask. */
  boolean askThreads(String session, long request, List<SeenTask> authors, int closer) {
    AskThreads.Builder asked =
        AskThreads.newBuilder().setSession(session).setRequest(request).setCloser(closer);
    for (SeenTask author : authors) {
      asked.addAuthors(SeenThread.newBuilder().setThread(author.tid()).setTick(author.tick()));
    }
    return send(PodFrame.newBuilder().setAskThreads(asked).build(), List.of());
  }

  void pong(long number) {
    send(PodFrame.newBuilder().setPong(Pong.newBuilder().setNumber(number)).build());
  }

  void leaving() {
    send(PodFrame.newBuilder().setLeaving(Leaving.getDefaultInstance()).build());
  }

  /** Why a session is not served. */
  record Refusal(String reason, String message) {}

  private void send(PodFrame frame) {
    boolean _ = send(frame, List.of());
  }

  private boolean send(PodFrame frame, List<Descriptor> descriptors) {
    UnixConnection now = connection;
    if (now == null) {
      return false;
    }
    try {
      now.send(frame.toByteArray(), descriptors);
      return true;
    } catch (ClosedChannelException e) {
      // The connection is over, or nobody waits any more for what the frame was to carry.
      return false;
    } catch (IOException e) {
      log.warn("the node plugin cannot be told {}: {}", frame.getFrameCase(), e.toString());
      now.close();
      return false;
    }
  }
}
