package io.ossmount.fuse.server;

import io.ossmount.fuse.Caller;
import io.ossmount.fuse.Outcome;
import io.ossmount.fuse.SessionState;
import io.ossmount.fuse.testing.MemoryFileSystem;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** One large file, and a count of its READs. */
final class CountingFiles extends MemoryFileSystem {
  private final AtomicLong reads;

  CountingFiles(SessionState state, AtomicLong reads, int mebibytes) {
    super(state, Duration.ofHours(1));
    this.reads = reads;
    putFile("file", new byte[mebibytes << 20]);
  }

  @Override
  public Outcome<Integer> read(
      Caller caller, long node, long handle, long offset, MemorySegment into) {
    reads.incrementAndGet();
    return super.read(caller, node, handle, offset, into);
  }
}
