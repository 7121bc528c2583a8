package io.ossmount.cache.serve;

import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.UnixConnection;
import io.ossmount.proto.session.v1.BackingIds;
import io.ossmount.proto.session.v1.HandedBack;
import io.ossmount.proto.session.v1.Hello;
import io.ossmount.proto.session.v1.PodFrame;
import io.ossmount.proto.session.v1.SessionOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a pod says first, with the descriptors of its sessions: a Hello, and more frames when there
 * are more descriptors than one can have. Not thread-safe.
 */
final class Greeting implements AutoCloseable {
  private static final int MOST_FRAMES = 8;

  /** As many as one frame names: it is no longer than a MiB. */
  private static final int MOST_BACKING_IDS = 100_000;

  private final Hello.Builder hello;
  private final List<Part> parts = new ArrayList<>();

  /** What goes with one frame. */
  private static final class Part {
    private final HandedBack.Builder sessions = HandedBack.newBuilder();
    private final List<Descriptor> descriptors = new ArrayList<>();
    private int ids;

    boolean hasRoom(int more) {
      return descriptors.size() + more <= UnixConnection.MAX_DESCRIPTORS;
    }
  }

  /** Who it is, without sessions. */
  Greeting(Hello.Builder hello) {
    this.hello = hello;
    parts.add(new Part());
  }

  /**
   * One session more, whose descriptors it owns from now on.
   *
   * @param ids backing ids of the session
   * @return false: there are too many sessions
   */
  boolean add(
      String session, SessionOptions options, List<Integer> ids, List<Descriptor> descriptors) {
    if (!parts.getLast().hasRoom(descriptors.size())) {
      if (parts.size() == MOST_FRAMES) {
        descriptors.forEach(Descriptor::close);
        return false;
      }
      parts.add(new Part());
    }
    Part part = parts.getLast();
    BackingIds.Builder told = BackingIds.newBuilder().setSession(session);
    ids.stream().limit(MOST_BACKING_IDS - part.ids).forEach(told::addIds);
    part.ids += told.getIdsCount();
    part.sessions.addSessions(session).addOptions(options).addBackingIds(told);
    part.descriptors.addAll(descriptors);
    return true;
  }

  void send(UnixConnection with) throws IOException {
    HandedBack.Builder first = parts.getFirst().sessions;
    hello
        .addAllSessions(first.getSessionsList())
        .addAllOptions(first.getOptionsList())
        .addAllBackingIds(first.getBackingIdsList())
        .setFollowing(parts.size() - 1);
    with.send(
        PodFrame.newBuilder().setHello(hello).build().toByteArray(), parts.getFirst().descriptors);
    for (Part part : parts.subList(1, parts.size())) {
      with.send(
          PodFrame.newBuilder().setHandedBack(part.sessions).build().toByteArray(),
          part.descriptors);
    }
  }

  /** Closes its descriptors. */
  @Override
  public void close() {
    parts.forEach(part -> part.descriptors.forEach(Descriptor::close));
  }
}
