package io.ossmount.csi.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.Caller;
import io.ossmount.fuse.DirectoryEntries;
import io.ossmount.fuse.Done;
import io.ossmount.fuse.Entry;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.Opened;
import io.ossmount.fuse.Outcome;
import io.ossmount.fuse.SessionRecords;
import io.ossmount.fuse.SessionState;
import io.ossmount.fuse.Statistics;
import io.ossmount.proto.records.v1.NodeRecord;
import io.ossmount.proto.session.v1.SessionOptions;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * A directory with one file, {@code about}, that says how the session was asked for, and a
 * directory {@code part} with the same file. Nothing is cached by the kernel, so every look at it
 * reaches the server.
 */
final class AboutFileSystem implements FileSystem {
  private static final long ABOUT = 2;
  private static final long PART = 3;

  private final SessionOptions options;
  private final byte[] content;
  private final boolean hasPart;

  /**
   * That of one session.
   *
   * @param hasPart false: without the directory {@code part}
   */
  AboutFileSystem(SessionOptions options, SessionState state, boolean hasPart) {
    this.options = options;
    this.hasPart = hasPart;
    var root = new SessionRecords.Key(SessionRecords.Kind.NODE, ROOT);
    state.records().put(root, recordOfRoot().toByteArray());
    content =
        "volume %s directory %s epoch %d%n"
            .formatted(options.getVolume(), options.getDirectory(), state.epoch())
            .getBytes(UTF_8);
  }

  private NodeRecord recordOfRoot() {
    var shown =
        io.ossmount.proto.records.v1.Attributes.newBuilder()
            .setInode(ROOT)
            .setMode(Attributes.DIRECTORY | 0755)
            .setLinks(1)
            .setUid(options.getUid())
            .setGid(options.getGid());
    return NodeRecord.newBuilder().setAttributes(shown).build();
  }

  @Override
  public Outcome<Entry> lookup(Caller caller, long parent, String name) {
    return Outcome.of(
        switch (name) {
          case "about" -> entry(ABOUT);
          case "part" -> hasPart && parent == ROOT ? entry(PART) : Entry.negative(Duration.ZERO);
          default -> Entry.negative(Duration.ZERO);
        });
  }

  private Entry entry(long node) {
    return new Entry(node, Duration.ZERO, attributes(node));
  }

  @Override
  public Outcome<Attributes> getattr(Caller caller, long node, long handle) {
    return Outcome.of(attributes(node));
  }

  @Override
  public Outcome<Opened> open(Caller caller, long node, int flags) {
    return Outcome.of(new Opened(1, Set.of(Opened.Option.DIRECT_IO)));
  }

  @Override
  public Outcome<Integer> read(
      Caller caller, long node, long handle, long offset, MemorySegment into) {
    var count = (int) Math.clamp(content.length - offset, 0, into.byteSize());
    MemorySegment.copy(content, (int) offset, into, ValueLayout.JAVA_BYTE, 0, count);
    return Outcome.of(count);
  }

  @Override
  public Outcome<Done> flush(Caller caller, long node, long handle) {
    return Outcome.done();
  }

  @Override
  public Outcome<Done> release(long node, long handle) {
    return Outcome.done();
  }

  @Override
  public Outcome<Opened> opendir(Caller caller, long node) {
    return Outcome.of(new Opened(1, Set.of()));
  }

  @Override
  public Outcome<Done> readdir(
      Caller caller, long node, long handle, long offset, DirectoryEntries into) {
    if (into.withAttributes()) {
      throw new FuseException(Errno.ENOSYS);
    }
    if (offset == 0) {
      var _ = into.offer("about", ABOUT, Attributes.REGULAR, 1);
    }
    return Outcome.done();
  }

  @Override
  public Outcome<Done> releasedir(long node, long handle) {
    return Outcome.done();
  }

  @Override
  public Outcome<Statistics> statfs(Caller caller, long node) {
    return Outcome.of(new Statistics(4096, 1, 1, 1, 1, 255));
  }

  private Attributes attributes(long node) {
    var isDirectory = node == ROOT || node == PART;
    return new Attributes(
        node,
        isDirectory ? 0 : content.length,
        isDirectory ? Attributes.DIRECTORY | 0755 : Attributes.REGULAR | 0644,
        1,
        options.getUid(),
        options.getGid(),
        Instant.EPOCH,
        Instant.EPOCH,
        Instant.EPOCH,
        Duration.ZERO);
  }
}
