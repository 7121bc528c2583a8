package io.ossmount.csi.fdstore;

import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.Frame;
import io.ossmount.fuse.kernel.UnixConnection;
import io.ossmount.proto.session.v1.BackingIds;
import io.ossmount.proto.session.v1.Feature;
import io.ossmount.proto.session.v1.HandedBack;
import io.ossmount.proto.session.v1.Hello;
import io.ossmount.proto.session.v1.PodFrame;
import io.ossmount.proto.session.v1.SessionOptions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a pod begins a conversation: its Hello, and the frames that follow with the sessions for
 * which that has no room. What it says is not trusted.
 *
 * @param hello the first frame
 * @param held what it hands back, by session; whoever has this closes the descriptors
 */
record Introduction(Hello hello, Map<String, Held> held) implements AutoCloseable {
  /** As many as LiveSessions names. */
  private static final int MOST_FOLLOWING = 7;

  /**
   * Waits for it.
   *
   * @return empty: the connection ended before
   * @throws IllegalArgumentException it makes no sense
   */
  static Optional<Introduction> receive(UnixConnection connection) throws IOException {
    var first = connection.receive();
    if (first.isEmpty()) {
      return Optional.empty();
    }
    var held = new LinkedHashMap<String, Held>();
    try {
      Hello hello;
      // A frame closes its own descriptors, here and not at the end of the conversation.
      try (var frame = first.get()) {
        hello = hello(frame);
        add(hello, sessionsOf(hello), frame.descriptors(), held);
      }
      for (int i = 0; i < hello.getFollowing(); i++) {
        var next = connection.receive();
        if (next.isEmpty()) {
          throw new IllegalArgumentException("the connection ended amid the introduction");
        }
        try (var frame = next.get()) {
          add(hello, handedBack(frame), frame.descriptors(), held);
        }
      }
      return Optional.of(new Introduction(hello, held));
    } catch (IOException | RuntimeException e) {
      close(held);
      throw e;
    }
  }

  private static Hello hello(Frame frame) throws IOException {
    var message = PodFrame.parseFrom(frame.payload());
    if (!message.hasHello()) {
      throw new IllegalArgumentException("the first frame is no Hello");
    }
    var hello = message.getHello();
    // Unsigned: what is too much for an int is negative.
    if (hello.getFollowing() < 0 || hello.getFollowing() > MOST_FOLLOWING) {
      throw new IllegalArgumentException("too many frames are to follow");
    }
    return hello;
  }

  private static HandedBack sessionsOf(Hello hello) {
    return HandedBack.newBuilder()
        .addAllSessions(hello.getSessionsList())
        .addAllBackingIds(hello.getBackingIdsList())
        .addAllOptions(hello.getOptionsList())
        .build();
  }

  private static HandedBack handedBack(Frame frame) throws IOException {
    var message = PodFrame.parseFrom(frame.payload());
    if (!message.hasHandedBack()) {
      throw new IllegalArgumentException("a frame of another kind amid the introduction");
    }
    return message.getHandedBack();
  }

  /** Duplicates of what the frame has. */
  private static void add(
      Hello hello, HandedBack back, List<Descriptor> received, Map<String, Held> held)
      throws IOException {
    requireWhole(back, received.size());
    boolean listsIds = hello.getFeaturesList().contains(Feature.LISTS_BACKING_IDS);
    for (int i = 0; i < back.getSessionsCount(); i++) {
      var name = back.getSessions(i);
      var ids = listsIds ? Optional.of(backingIds(back, name)) : Optional.<List<Integer>>empty();
      var options =
          back.getOptionsCount() == 0
              ? Optional.<SessionOptions>empty()
              : Optional.of(back.getOptions(i));
      var kept = duplicate(received.get(2 * i), received.get(2 * i + 1));
      var twice = held.put(name, new Held(kept, ids, options));
      if (twice != null) {
        twice.descriptors().close();
      }
    }
  }

  private static Descriptors duplicate(Descriptor fuse, Descriptor memfd) throws IOException {
    var first = fuse.duplicate();
    try {
      return new Descriptors(first, memfd.duplicate());
    } catch (IOException e) {
      first.close();
      throw e;
    }
  }

  private static void requireWhole(HandedBack back, int descriptors) {
    if (descriptors != 2 * back.getSessionsCount()) {
      throw new IllegalArgumentException(
          "%d descriptors for %d sessions".formatted(descriptors, back.getSessionsCount()));
    }
    if (back.getOptionsCount() > 0 && back.getOptionsCount() != back.getSessionsCount()) {
      throw new IllegalArgumentException(
          "options of %d sessions for %d"
              .formatted(back.getOptionsCount(), back.getSessionsCount()));
    }
  }

  private static List<Integer> backingIds(HandedBack back, String session) {
    return back.getBackingIdsList().stream()
        .filter(ids -> ids.getSession().equals(session))
        .findFirst()
        .map(BackingIds::getIdsList)
        .orElse(List.of());
  }

  /** Closes all descriptors. */
  @Override
  public void close() {
    close(held);
  }

  private static void close(Map<String, Held> held) {
    held.values().forEach(kept -> kept.descriptors().close());
  }
}
