package io.ossmount.fuse.protocol;

import io.ossmount.fuse.Attempt;
import io.ossmount.fuse.Caller;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import java.lang.foreign.MemorySegment;

/**
 * A request whose size was checked: header, argument of a fixed size, names or data.
 *
 * @param bytes all of it
 * @param header its start
 * @param opcode what is asked
 * @param attempt which try this is
 */
record Request(MemorySegment bytes, InHeader header, Opcode opcode, Attempt attempt) {
  /** Checks that there is room for what the operation needs. */
  Request {
    if (bytes.byteSize() < InHeader.BYTES + opcode.argumentBytes()) {
      throw new FuseException(Errno.EINVAL, "request is too short");
    }
  }

  Caller caller() {
    return new Caller(header.uid(), header.gid(), header.pid(), attempt);
  }

  long node() {
    return header.nodeid();
  }

  /** What follows the header. */
  MemorySegment argument() {
    return bytes.asSlice(InHeader.BYTES);
  }

  /** The name behind the argument. */
  String name() {
    long from = namesAt();
    return Names.name(bytes, from, Names.end(bytes, from));
  }

  /** The second name. */
  String secondName() {
    long from = secondAt();
    return Names.name(bytes, from, Names.end(bytes, from));
  }

  /** The second text of SYMLINK. */
  String linkTarget() {
    long from = secondAt();
    return Names.target(bytes, from, Names.end(bytes, from));
  }

  /** The {@code size} bytes of data behind the argument, which must be all that is there. */
  MemorySegment data(int size) {
    long from = namesAt();
    if (size < 0 || bytes.byteSize() - from != size) {
      throw new FuseException(Errno.EINVAL, "data has another size than announced");
    }
    return bytes.asSlice(from, size);
  }

  private long namesAt() {
    return (long) InHeader.BYTES + opcode.argumentBytes();
  }

  private long secondAt() {
    return Names.end(bytes, namesAt()) + 1;
  }
}
