package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.OpenFlags;
import io.ossmount.fuse.SessionRecords;
import io.ossmount.proto.records.v1.NodeRecord;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the node plugin is told of nodes, for the time without a server. */
final class RecordedNodesTest {
  private final Records records = new Records();
  private final Mounted whole = new Mounted();
  private final Mounted mounted =
      whole.session(
          new SessionView("", false, OptionalInt.of(7), OptionalInt.of(8), 022, true), records);

  @AfterEach
  void close() {
    mounted.close();
    whole.close();
  }

  private static final class Records implements SessionRecords {
    private final Map<Key, byte[]> bodies = new ConcurrentHashMap<>();
    private final Map<Key, Long> counts = new ConcurrentHashMap<>();

    @Override
    public boolean put(Key key, byte[] body) {
      bodies.put(key, body);
      return true;
    }

    @Override
    public void count(Key key, long count) {
      counts.put(key, count);
    }

    @Override
    public void remove(Key key) {
      bodies.remove(key);
    }

    @Override
    public void forEach(Visitor visitor) {
      bodies.forEach((key, body) -> visitor.record(key, counts.getOrDefault(key, 0L), body));
    }

    Optional<Attributes> shown(long node) {
      try {
        byte[] body = bodies.get(new Key(Kind.NODE, node));
        assertThat(body).as("record of node " + node).isNotNull();
        var noted = NodeRecord.parseFrom(body);
        return noted.hasAttributes() ? Optional.of(of(noted.getAttributes())) : Optional.empty();
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }

    private static Attributes of(io.ossmount.proto.records.v1.Attributes noted) {
      return new Attributes(
          noted.getInode(),
          noted.getSize(),
          noted.getMode(),
          noted.getLinks(),
          noted.getUid(),
          noted.getGid(),
          RecordForms.instant(noted.getAccessed()),
          RecordForms.instant(noted.getModified()),
          RecordForms.instant(noted.getChanged()),
          Duration.ZERO);
    }
  }

  private static Attributes fleeting(Attributes shown) {
    return new Attributes(
        shown.inode(),
        shown.size(),
        shown.mode(),
        shown.links(),
        shown.uid(),
        shown.gid(),
        shown.accessed(),
        shown.modified(),
        shown.changed(),
        Duration.ZERO);
  }

  @Test
  void theRootIsAlwaysThereAsTheSessionShowsIt() {
    assertThat(records.shown(FileSystem.ROOT)).contains(fleeting(mounted.stat("")));
    assertThat(mounted.stat("").uid()).isEqualTo(7);

    mounted.write("new", "1");

    assertThat(records.shown(FileSystem.ROOT)).contains(fleeting(mounted.stat("")));
  }

  @Test
  void anOpenFileIsToldUntilSomebodyWritesAndAgainWhenOssHasIt() {
    mounted.write("file", "123");
    try (var file = mounted.open("file", OpenFlags.READ_WRITE)) {
      assertThat(records.shown(file.node)).contains(fleeting(file.stat()));

      file.write(3, "45");
      assertThat(records.shown(file.node)).isEmpty();

      file.fsync();
      assertThat(records.shown(file.node)).contains(fleeting(file.stat()));
      assertThat(file.stat().size()).isEqualTo(5);
    }
  }

  @Test
  void aWriterOfAnotherSessionCountsAsWell() {
    mounted.write("file", "123");
    try (var file = mounted.open("file", OpenFlags.READ_ONLY);
        var other = whole.open("file", OpenFlags.WRITE_ONLY)) {
      other.write(0, "x");

      assertThat(records.shown(file.node)).isEmpty();
    }
  }

  @Test
  void whatIsNewIsNotToldBeforeOssHasIt() {
    try (var file = mounted.create("file")) {
      assertThat(records.shown(file.node)).isEmpty();
    }
  }

  @Test
  void whatWasClosedWithoutAServerIsNotOpenForTheNextOne() {
    mounted.write("closed", "1");
    mounted.write("open", "2");
    var closed = mounted.open("closed", OpenFlags.READ_ONLY);
    var open = mounted.open("open", OpenFlags.READ_ONLY);
    var openTwice = mounted.open("open", OpenFlags.READ_ONLY);
    records.count(handle(closed), SessionRecords.RELEASED);
    records.count(handle(openTwice), SessionRecords.RELEASED);

    try (var next = whole.session(SessionView.WHOLE, records)) {
      assertThat(next.session.openFiles()).isEqualTo(1);
    }

    assertThat(records.bodies)
        .containsKeys(handle(open), node(open))
        .doesNotContainKeys(handle(closed), handle(openTwice), node(closed));
  }

  private static SessionRecords.Key handle(Mounted.Open file) {
    return new SessionRecords.Key(SessionRecords.Kind.HANDLE, file.handle);
  }

  private static SessionRecords.Key node(Mounted.Open file) {
    return new SessionRecords.Key(SessionRecords.Kind.NODE, file.node);
  }
}
