package io.ossmount.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One connection of a unix stream socket, cut into frames: a length as a 32-bit big-endian number,
 * then so many bytes. Descriptors travel with the first byte of their frame.
 *
 * <p>One thread receives; any thread sends, and closes, which wakes who receives. Waiting calls are
 * not for virtual threads.
 */
public final class UnixConnection implements AutoCloseable {
  /** Longest payload of a frame, in bytes. */
  public static final int MAX_FRAME_BYTES = 1 << 20;

  /** Most descriptors in one frame. */
  public static final int MAX_DESCRIPTORS = 250;

  /** How long a peer may take to take a frame: who sends has something else to do. */
  private static final Duration SEND_TIMEOUT = Duration.ofSeconds(5);

  /** How long a peer may take to send the rest of a frame that it began. */
  private static final Duration FRAME_TIMEOUT = Duration.ofSeconds(10);

  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;
  private static final int SO_PEERCRED = 17;

  private static final int LENGTH_BYTES = 4;
  private static final int CHUNK_BYTES = 64 * 1024;

  private static final java.lang.foreign.ValueLayout.OfInt LENGTH =
      JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final Descriptor socket;
  private final PeerCredentials peer;
  private final ReentrantLock sending = new ReentrantLock();
  private final MessageHeader outgoing;
  private final MemorySegment outgoingChunk;
  private final MessageHeader incoming;
  private final MemorySegment incomingChunk;

  /** Takes over a connected socket. */
  UnixConnection(Descriptor socket) throws IOException {
    this.socket = socket;
    Arena arena = Arena.ofAuto();
    outgoing = new MessageHeader(arena);
    outgoingChunk = arena.allocate(CHUNK_BYTES);
    incoming = new MessageHeader(arena);
    incomingChunk = arena.allocate(CHUNK_BYTES);
    try {
      peer = credentials(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Connects to the listener at {@code path}. */
  public static UnixConnection connect(Path path) throws IOException {
    Blocking.requirePlatformThread("connect");
    Descriptor socket = UnixSocket.open();
    try (Arena arena = Arena.ofConfined()) {
      int fd = socket.use();
      try {
        // A unix socket connects at once or, with a full backlog, not at all (EAGAIN).
        SystemCallException.check(
            Syscalls.connect(fd, UnixSocket.address(arena, path)), "connect to " + path);
      } finally {
        socket.endUse();
      }
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
    return new UnixConnection(socket);
  }

  /** Who opened the other end. */
  public PeerCredentials peer() {
    return peer;
  }

  /** The socket; stays owned by this. */
  Descriptor socket() {
    return socket;
  }

  /** Sends a frame without descriptors. */
  public void send(byte[] payload) throws IOException {
    send(payload, List.of());
  }

  /**
   * Sends a frame; the descriptors stay the caller's. A frame that could be sent only in part, or
   * not within 5 s, ends the connection: its reader could not go on.
   *
   * @throws IllegalArgumentException for more than {@link #MAX_FRAME_BYTES} or {@link
   *     #MAX_DESCRIPTORS}
   */
  public void send(byte[] payload, List<Descriptor> descriptors) throws IOException {
    Blocking.requirePlatformThread("sendmsg");
    if (payload.length > MAX_FRAME_BYTES || descriptors.size() > MAX_DESCRIPTORS) {
      throw new IllegalArgumentException(
          "frame of %d bytes, %d descriptors".formatted(payload.length, descriptors.size()));
    }
    List<Descriptor> used = new ArrayList<>();
    sending.lock();
    try {
      List<Integer> fds = new ArrayList<>();
      for (Descriptor descriptor : descriptors) {
        fds.add(descriptor.use());
        used.add(descriptor);
      }
      sendLocked(payload, fds);
    } finally {
      sending.unlock();
      used.forEach(Descriptor::endUse);
    }
  }

  private void sendLocked(byte[] payload, List<Integer> fds) throws IOException {
    long end = System.nanoTime() + SEND_TIMEOUT.toNanos();
    int fd = socket.use();
    try {
      outgoingChunk.set(LENGTH, 0, payload.length);
      int taken = Math.min(payload.length, CHUNK_BYTES - LENGTH_BYTES);
      MemorySegment.copy(payload, 0, outgoingChunk, JAVA_BYTE, LENGTH_BYTES, taken);
      sendAll(fd, LENGTH_BYTES + taken, fds, end);
      for (int at = taken; at < payload.length; at += taken) {
        taken = Math.min(payload.length - at, CHUNK_BYTES);
        MemorySegment.copy(payload, at, outgoingChunk, JAVA_BYTE, 0, taken);
        sendAll(fd, taken, List.of(), end);
      }
    } catch (IOException e) {
      close();
      throw e;
    } finally {
      socket.endUse();
    }
  }

  /** Sends the first bytes of the chunk; descriptors go with the first of them. */
  private void sendAll(int fd, int count, List<Integer> fds, long end) throws IOException {
    List<Integer> left = fds;
    for (long at = 0; at < count; ) {
      MemorySegment header = outgoing.toSend(outgoingChunk.asSlice(at, count - at), left);
      long sent = Syscalls.sendmsg(fd, header, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent == -Errors.EAGAIN) {
        if (!UnixSocket.await(fd, UnixSocket.POLLOUT, Math.max(0, end - System.nanoTime()))) {
          throw new IOException("peer did not take a frame within " + SEND_TIMEOUT);
        }
      } else if (sent != -Errors.EINTR) {
        at += SystemCallException.check(sent, "sendmsg");
        left = List.of();
      }
    }
  }

  /**
   * Waits for the next frame; not on a virtual thread. Any error ends the connection.
   *
   * @return empty when the peer has closed, or {@link #close()} was called
   * @throws IOException when the frame is longer than {@link #MAX_FRAME_BYTES}, ends in the middle
   *     or does not end within 10 s
   */
  public Optional<Frame> receive() throws IOException {
    Blocking.requirePlatformThread("recvmsg");
    if (!socket.tryUse()) {
      return Optional.empty();
    }
    List<Descriptor> descriptors = new ArrayList<>();
    try {
      byte[] payload = receivePayload(socket.number(), descriptors);
      return payload == null ? Optional.empty() : Optional.of(new Frame(payload, descriptors));
    } catch (IOException | RuntimeException e) {
      descriptors.forEach(Descriptor::close);
      close();
      throw e;
    } finally {
      socket.endUse();
    }
  }

  private byte @org.jspecify.annotations.Nullable [] receivePayload(
      int fd, List<Descriptor> descriptors) throws IOException {
    int got = receiveSome(fd, LENGTH_BYTES, descriptors, -1);
    if (got == 0) {
      return null;
    }
    long end = System.nanoTime() + FRAME_TIMEOUT.toNanos();
    byte[] length = new byte[LENGTH_BYTES];
    MemorySegment.copy(incomingChunk, JAVA_BYTE, 0, length, 0, got);
    receiveRest(fd, length, got, descriptors, end);
    int size = MemorySegment.ofArray(length).get(LENGTH, 0);
    if (size < 0 || size > MAX_FRAME_BYTES) {
      throw new IOException("frame of %d bytes".formatted(Integer.toUnsignedLong(size)));
    }
    byte[] payload = new byte[size];
    // Those that come with later bytes of a frame have no meaning; they must not stay open.
    List<Descriptor> stray = new ArrayList<>();
    try {
      receiveRest(fd, payload, 0, stray, end);
    } finally {
      stray.forEach(Descriptor::close);
    }
    return payload;
  }

  private void receiveRest(int fd, byte[] into, int from, List<Descriptor> descriptors, long end)
      throws IOException {
    for (int at = from; at < into.length; ) {
      int wanted = Math.min(into.length - at, CHUNK_BYTES);
      int got = receiveSome(fd, wanted, descriptors, Math.max(0, end - System.nanoTime()));
      if (got == 0) {
        throw new IOException("connection ended in the middle of a frame");
      }
      MemorySegment.copy(incomingChunk, JAVA_BYTE, 0, into, at, got);
      at += got;
    }
  }

  /** Receives up to {@code wanted} bytes into the chunk; 0 at the end of the connection. */
  private int receiveSome(int fd, int wanted, List<Descriptor> descriptors, long nanos)
      throws IOException {
    while (true) {
      MemorySegment header = incoming.toReceive(incomingChunk.asSlice(0, wanted));
      long got = Syscalls.recvmsg(fd, header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
      if (got >= 0) {
        descriptors.addAll(incoming.received());
        if (incoming.isTruncated() || descriptors.size() > MAX_DESCRIPTORS) {
          throw new IOException("more descriptors than a frame may have");
        }
        return (int) got;
      }
      if (got == -Errors.EAGAIN) {
        if (!UnixSocket.await(fd, UnixSocket.POLLIN, nanos)) {
          throw new IOException("peer did not end its frame within " + FRAME_TIMEOUT);
        }
      } else if (got == -Errors.ECONNRESET) {
        return 0;
      } else if (got != -Errors.EINTR) {
        throw new SystemCallException("recvmsg", (int) -got);
      }
    }
  }

  /** Whether {@link #close()} was called, or an error has ended the connection. */
  public boolean isClosed() {
    return socket.isClosed();
  }

  /** Ends the connection and wakes who waits in it. Idempotent. */
  @Override
  public void close() {
    if (!socket.tryUse()) {
      return;
    }
    Syscalls.shutdown(socket.number(), UnixSocket.SHUT_RDWR);
    socket.close();
    socket.endUse();
  }

  private static PeerCredentials credentials(Descriptor socket) throws IOException {
    int fd = socket.use();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(12, 4);
      MemorySegment length = arena.allocate(4, 4);
      length.set(JAVA_INT, 0, 12);
      SystemCallException.check(
          Syscalls.getsockopt(fd, SO_PEERCRED, value, length), "getsockopt SO_PEERCRED");
      return new PeerCredentials(
          value.get(JAVA_INT, 0), value.get(JAVA_INT, 4), value.get(JAVA_INT, 8));
    } finally {
      socket.endUse();
    }
  }
}
