package io.ossmount.cache.fs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ossmount.fuse.SessionRecords;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** A process: what it knows is gone with it. */
record MortalServer(SessionFileSystem files, SessionRecords records) {
  long lookup(long parent, String name) {
    return Mounted.await(files.lookup(Mounted.CALLER, parent, name)).node();
  }

  /** Descriptors that the next process would find. */
  List<SessionRecords.Key> handles() {
    List<SessionRecords.Key> open = new ArrayList<>();
    records.forEach((key, _, _) -> {
      if (key.kind() == SessionRecords.Kind.HANDLE) {
        open.add(key);
      }
    });
    return open;
  }

  String read(long node, long handle) {
    MemorySegment into = MemorySegment.ofArray(new byte[100]);
    int count = Mounted.await(files.read(Mounted.CALLER, node, handle, 0, into));
    return new String(into.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE), UTF_8);
  }
}
