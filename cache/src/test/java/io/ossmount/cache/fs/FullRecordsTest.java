package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.store.Content;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.OpenFlags;
import io.ossmount.fuse.SessionRecords;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More is known of a volume, or open, than the next server can be told. */
final class FullRecordsTest {
  /** As there is of a real session. */
  private static final int ROOM = 16_383;

  private static final int LARGE_ROOM = 1_023;
  private static final int DIRECTORIES = 18_000;
  private static final int LONG_NAMES = 2_000;

  /** Longer than a small record. */
  private static final String LONG = ("x".repeat(200) + "/").repeat(3);

  private final FewRecords records = new FewRecords(ROOM, LARGE_ROOM);
  private final Mounted whole = new Mounted();
  private final Mounted mounted = whole.session(SessionView.WHOLE, records);
  private final List<Long> directories = new ArrayList<>();

  @BeforeEach
  void lookUp() {
    for (int i = 0; i < DIRECTORIES; i++) {
      String key = "dir-" + i + "/file";
      whole.store.with(key, key.getBytes(StandardCharsets.UTF_8));
      if (i < LONG_NAMES) {
        whole.store.with(LONG + key, key.getBytes(StandardCharsets.UTF_8));
      }
    }
    for (int i = 0; i < DIRECTORIES; i++) {
      directories.add(lookup(FileSystem.ROOT, "dir-" + i));
    }
    assertThat(records.size()).isEqualTo(ROOM);
  }

  @AfterEach
  void close() {
    mounted.close();
    whole.close();
  }

  private long lookup(long parent, String name) {
    return Mounted.await(mounted.session.lookup(Mounted.CALLER, parent, name)).node();
  }

  private static SessionRecords.Key key(long directory) {
    return new SessionRecords.Key(SessionRecords.Kind.NODE, directory);
  }

  private List<Mounted.Open> open(String above, int files) {
    List<Mounted.Open> open = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      open.add(mounted.open(above + "dir-" + i + "/file", OpenFlags.READ_WRITE));
    }
    return open;
  }

  private static String text(Mounted.Open file) {
    return new String(file.read(0, 1_000), StandardCharsets.UTF_8);
  }

  private void goOn(List<Mounted.Open> open) {
    try (Mounted next = whole.session(SessionView.WHOLE, records)) {
      assertThat(next.session.openFiles()).isEqualTo(open.size());
      for (int i = 0; i < open.size(); i++) {
        try (var file = next.again(open.get(i))) {
          assertThat(text(file)).isEqualTo("dir-" + i + "/file");
        }
      }
    }
  }

  @Test
  void directoriesMakeRoomForWhatIsOpen() {
    goOn(open("", 1_500));
  }

  @Test
  void directoriesMakeRoomForLongNamesAsWell() {
    long parent = FileSystem.ROOT;
    for (String name : LONG.split("/", -1)) {
      parent = name.isEmpty() ? parent : lookup(parent, name);
    }
    for (int i = 0; i < LONG_NAMES; i++) {
      lookup(parent, "dir-" + i);
    }
    goOn(open(LONG, 900));
  }

  @Test
  void aDirectoryThatMadeRoomIsWrittenDownWhenItIsUsed() {
    long gone = directories.stream().filter(id -> !records.has(key(id))).findFirst().orElseThrow();

    lookup(gone, "file");

    assertThat(records.has(key(gone))).isTrue();
    try (Mounted next = whole.session(SessionView.WHOLE, records)) {
      assertThat(Mounted.await(next.session.lookup(Mounted.CALLER, gone, "file")).isNegative())
          .isFalse();
    }
  }

  @Test
  void whatTheNextServerCannotBeToldOfIsOpenAllTheSameAndWhatItWasToldGoesOn() {
    List<Mounted.Open> open = open("", (ROOM - 1) / 2);
    try (var more = mounted.open("dir-9000/file", OpenFlags.READ_ONLY)) {
      assertThat(records.size()).isEqualTo(ROOM);
      assertThat(text(more)).isEqualTo("dir-9000/file");
      goOn(open);
    }
  }

  @Test
  void whatIsTooLongToBeWrittenDownTakesNobodysRoom() {
    String key = ("y".repeat(200) + "/").repeat(3) + "file";
    var much = Map.of("foreign", "x".repeat(SessionRecords.MAX_BYTES));
    whole.store.put(
        key,
        new Content.OfBuffer(ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8))),
        new ObjectMetadata(Optional.empty(), much));

    try (var file = mounted.open(key, OpenFlags.READ_ONLY)) {
      assertThat(text(file)).isEqualTo(key);
    }
    assertThat(directories).filteredOn(id -> records.has(key(id))).hasSizeGreaterThan(ROOM - 10);
  }

  @Test
  void theNextServerKnowsWhichRecordsAreLarge() {
    long parent = FileSystem.ROOT;
    for (String name : LONG.split("/", -1)) {
      parent = name.isEmpty() ? parent : lookup(parent, name);
    }
    for (int i = 0; i < LONG_NAMES; i++) {
      lookup(parent, "dir-" + i);
    }
    try (Mounted next = whole.session(SessionView.WHOLE, records)) {
      List<Mounted.Open> open = new ArrayList<>();
      for (int i = 0; i < 900; i++) {
        open.add(next.open(LONG + "dir-" + i + "/file", OpenFlags.READ_WRITE));
      }
      goOn(open);
    }
  }
}
