package io.ossmount.fuse.protocol;

import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.Outcome;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes back what an answer gave, when the kernel does not want it: the lookups that it counted and
 * the handle that it opened. The kernel had the answer of an earlier server already, or the
 * connection is over.
 */
final class Undoing {
  private final FileSystem files;

  Undoing(FileSystem files) {
    this.files = files;
  }

  /** One step of it; may wait. */
  @FunctionalInterface
  interface Step {
    void run() throws Exception;
  }

  /**
   * What has to be done, in this order; nothing of the answer's memory is used later on.
   *
   * @param answer all of it, header included
   */
  List<Step> steps(InHeader request, MemorySegment answer) {
    Opcode opcode = Opcode.of(request.opcode());
    if (opcode == null || OutHeader.decode(answer).error() != 0) {
      return List.of();
    }
    MemorySegment payload = answer.asSlice(OutHeader.BYTES);
    return switch (opcode) {
      case LOOKUP, MKDIR, SYMLINK, MKNOD -> List.of(forget(EntryOut.node(payload)));
      case OPEN ->
          List.of(
              unopened(request.nodeid()), release(request.nodeid(), OpenOut.decode(payload).fh()));
      case OPENDIR -> List.of(releaseDirectory(request.nodeid(), OpenOut.decode(payload).fh()));
      case CREATE -> {
        long node = EntryOut.node(payload);
        long handle = OpenOut.decode(payload.asSlice(EntryOut.BYTES)).fh();
        yield List.of(unopened(node), release(node, handle), forget(node));
      }
      case READDIRPLUS -> listed(payload);
      default -> List.of();
    };
  }

  private List<Step> listed(MemorySegment page) {
    List<Step> steps = new ArrayList<>();
    long at = 0;
    while (at < page.byteSize()) {
      steps.add(forget(EntryOut.node(page.asSlice(at))));
      int nameBytes = DirentHeader.decode(page.asSlice(at + EntryOut.BYTES)).namelen();
      at += EntryOut.BYTES + Wire.aligned(DirentHeader.BYTES + nameBytes);
    }
    return steps;
  }

  /** A name that is not there, or was not looked up, has node 0. */
  private Step forget(long node) {
    return () -> {
      if (node != 0) {
        files.forget(node, 1);
      }
    };
  }

  private Step unopened(long node) {
    return () -> files.unopened(node);
  }

  private Step release(long node, long handle) {
    return () -> await(files.release(node, handle));
  }

  private Step releaseDirectory(long node, long handle) {
    return () -> await(files.releasedir(node, handle));
  }

  private static void await(Outcome<?> outcome) throws Exception {
    if (outcome instanceof Outcome.Later<?>(var work)) {
      work.call();
    }
  }
}
