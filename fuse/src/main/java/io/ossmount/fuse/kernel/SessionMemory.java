package io.ossmount.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ossmount.fuse.SessionRecords;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Optional;

/**
 * What the next server of a session needs of the last one: a memfd that the node plugin and the
 * server both hold. Requests are read from the kernel straight into it, so that they outlive the
 * process that was working on them.
 *
 * <pre>
 * 0      header page: magic, version, epoch, the answer to INIT
 * 4096   {@value #BUFFERS} buffers of {@value #BUFFER_BYTES} bytes: any request
 * ...    {@value #SLOTS} slots of {@value #SLOT_BYTES} bytes: requests that wait for their answer
 * ...    records: what the file system keeps for the next server
 * </pre>
 *
 * <p>A buffer or slot begins with the kernel's {@code fuse_in_header}, whose first word is the
 * length: zero means that there is no request. The request is written before its length, and the
 * length is cleared after the answer was sent, so whatever a killed server leaves is whole. It ends
 * with a {@link RoomTail}: how far the work on the request came.
 *
 * <p>The size is fixed and sealed: no holder can shrink the memory under another one. Pages come to
 * exist when they are populated. The version tells every layout apart; another one is refused.
 *
 * <p>Buffers and slots are not guarded here: each belongs to one thread at a time.
 */
public final class SessionMemory implements AutoCloseable {
  /** Largest WRITE payload, in bytes. */
  public static final int MAX_WRITE = 1 << 20;

  /** How many requests of full size can be held. */
  public static final int BUFFERS = 8;

  /** Room of one: {@link #MAX_WRITE} and a page for the header and the tail. */
  public static final int BUFFER_BYTES = MAX_WRITE + 4096;

  /** How many small requests can be held besides. */
  public static final int SLOTS = 256;

  /** Room of one: any request but WRITE. */
  public static final int SLOT_BYTES = 8192;

  /** Size of the memfd. */
  public static final long BYTES =
      4096L + (long) BUFFERS * BUFFER_BYTES + (long) SLOTS * SLOT_BYTES + RecordMemory.BYTES;

  private static final long MAGIC = 0x4f53534d46555345L; // "OSSMFUSE"
  private static final int VERSION = 3;

  private static final long AT_MAGIC = 0;
  private static final long AT_VERSION = 8;
  private static final long AT_EPOCH = 16;
  private static final long AT_NEGOTIATED_BYTES = 24;
  private static final long AT_NEGOTIATED = 32;
  private static final int MAX_NEGOTIATED_BYTES = 256;
  private static final int PAGE = 4096;

  private static final VarHandle LENGTH = JAVA_INT.varHandle();
  private static final VarHandle EPOCH = JAVA_LONG.varHandle();

  private final Descriptor memfd;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;

  private SessionMemory(Descriptor memfd) throws IOException {
    this.memfd = memfd;
    try {
      memory = map(memfd, arena);
    } catch (IOException e) {
      memfd.close();
      throw e;
    }
  }

  private static MemorySegment map(Descriptor memfd, Arena arena) throws IOException {
    int fd = memfd.use();
    try {
      long address = SystemCallException.check(Syscalls.mmapShared(fd, BYTES), "mmap");
      MemorySegment mapped = MemorySegment.ofAddress(address);
      return Syscalls.segment(address, BYTES, arena, () -> Syscalls.munmap(mapped, BYTES));
    } finally {
      memfd.endUse();
    }
  }

  /**
   * Makes the memory of a new session.
   *
   * @return the memfd, which the caller owns: to be mapped, and passed on
   */
  public static Descriptor create() throws IOException {
    Descriptor memfd = SealedMemory.create("ossmount-session", BYTES);
    try {
      try (SessionMemory created = new SessionMemory(memfd.duplicate())) {
        created.populate(0, PAGE);
        created.memory.set(JAVA_INT, AT_VERSION, VERSION);
        created.memory.set(JAVA_LONG, AT_MAGIC, MAGIC);
      }
      return memfd;
    } catch (IOException | RuntimeException e) {
      memfd.close();
      throw e;
    }
  }

  /**
   * Maps a session's memory.
   *
   * @param memfd taken over: closed with this, or when it is refused
   * @throws IOException when it is not a sealed memory of this version
   */
  public static SessionMemory map(Descriptor memfd) throws IOException {
    try {
      SealedMemory.require(memfd, BYTES);
      SessionMemory memory = new SessionMemory(memfd);
      if (memory.memory.get(JAVA_LONG, AT_MAGIC) != MAGIC
          || memory.memory.get(JAVA_INT, AT_VERSION) != VERSION) {
        memory.close();
        throw new IOException("not the memory of a session, or of another version");
      }
      return memory;
    } catch (IOException | RuntimeException e) {
      memfd.close();
      throw e;
    }
  }

  /** The memfd; stays owned by this. */
  public Descriptor descriptor() {
    return memfd;
  }

  /** How many servers have taken the session over, the present one included; 0 before the first. */
  public long epoch() {
    return (long) EPOCH.getVolatile(memory, AT_EPOCH);
  }

  /**
   * Counts one more server.
   *
   * @return its number, from 1 on, that no other server of this session has
   */
  public long nextEpoch() {
    return (long) EPOCH.getAndAdd(memory, AT_EPOCH, 1L) + 1;
  }

  /** The answer to INIT that {@link #setNegotiated} kept; empty while there was none. */
  public Optional<byte[]> negotiated() {
    int length = (int) LENGTH.getAcquire(memory, AT_NEGOTIATED_BYTES);
    if (length <= 0 || length > MAX_NEGOTIATED_BYTES) {
      return Optional.empty();
    }
    return Optional.of(memory.asSlice(AT_NEGOTIATED, length).toArray(JAVA_BYTE));
  }

  /** Keeps the answer to INIT; to be called before the answer is sent. */
  public void setNegotiated(byte[] answer) {
    if (answer.length == 0 || answer.length > MAX_NEGOTIATED_BYTES) {
      throw new IllegalArgumentException("answer to INIT of %d bytes".formatted(answer.length));
    }
    MemorySegment.copy(answer, 0, memory, JAVA_BYTE, AT_NEGOTIATED, answer.length);
    LENGTH.setRelease(memory, AT_NEGOTIATED_BYTES, answer.length);
  }

  /** Buffer {@code index}, 0 to {@link #BUFFERS} - 1. */
  public MemorySegment buffer(int index) {
    return memory.asSlice(PAGE + (long) BUFFER_BYTES * index, BUFFER_BYTES);
  }

  /** Slot {@code index}, 0 to {@link #SLOTS} - 1. */
  public MemorySegment slot(int index) {
    long slots = PAGE + (long) BUFFER_BYTES * BUFFERS;
    return memory.asSlice(slots + (long) SLOT_BYTES * index, SLOT_BYTES);
  }

  /**
   * The body of a record, for who does not serve the session while nobody else does. Changes
   * nothing; looks through all of them.
   */
  public Optional<byte[]> record(SessionRecords.Key key) {
    return RecordMemory.find(memory.asSlice(BYTES - RecordMemory.BYTES), key);
  }

  /**
   * Notes on a handle's record, for the same, that the kernel is done with it; false: no record.
   */
  public boolean released(long handle) {
    var key = new SessionRecords.Key(SessionRecords.Kind.HANDLE, handle);
    MemorySegment part = memory.asSlice(BYTES - RecordMemory.BYTES);
    return RecordMemory.count(part, key, SessionRecords.RELEASED);
  }

  /**
   * The records that earlier servers left, and room for more; to be asked for once. They can be
   * written to also after this is closed: what is uploaded last is noted then.
   */
  public SessionRecords records() throws IOException {
    return new RecordMemory(map(memfd, Arena.ofAuto()).asSlice(BYTES - RecordMemory.BYTES));
  }

  /**
   * Gives the room its pages, so that no copy into it can fail half-way. What is in it stays.
   *
   * @param room a buffer or slot of this memory
   * @throws IOException when there is no memory left
   */
  public void populate(MemorySegment room) throws IOException {
    populate(room.address() - memory.address(), room.byteSize());
    for (long at = 0; at < room.byteSize(); at += PAGE) {
      room.get(JAVA_BYTE, at);
    }
  }

  private void populate(long offset, long length) throws IOException {
    int fd = memfd.use();
    try {
      SystemCallException.check(Syscalls.fallocate(fd, offset, length), "fallocate");
    } finally {
      memfd.endUse();
    }
  }

  /** The part of a buffer or slot that a request may take: all but its {@link RoomTail}. */
  public static MemorySegment forRequest(MemorySegment room) {
    return room.asSlice(0, room.byteSize() - RoomTail.BYTES);
  }

  /** Length of the request in a buffer or slot; 0 when there is none. */
  public static int length(MemorySegment room) {
    return (int) LENGTH.getAcquire(room, 0L);
  }

  /** The request in the room is answered: there is none any more. */
  public static void clear(MemorySegment room) {
    LENGTH.setRelease(room, 0L, 0);
  }

  /**
   * Copies the request of {@code length} bytes from a buffer into a slot, with what its tail says,
   * and clears the buffer.
   */
  public static void move(MemorySegment buffer, int length, MemorySegment slot) {
    MemorySegment.copy(buffer, 4, slot, 4, length - 4L);
    RoomTail.copy(buffer, slot);
    LENGTH.setRelease(slot, 0L, length);
    clear(buffer);
  }

  /** Unmaps the memory and closes the memfd. No buffer or slot may be in use any more. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
    memfd.close();
  }
}
