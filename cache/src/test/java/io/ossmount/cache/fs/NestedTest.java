package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.OpenFlags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Other buckets at paths of a mount. */
final class NestedTest {
  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final InMemoryObjectStore other = new InMemoryObjectStore();
  private final List<Mounted> all = new ArrayList<>();
  private final Mounted mounted = keep(new Mounted(store));

  private Mounted keep(Mounted made) {
    all.add(made);
    return made;
  }

  /** After the first one was killed: nothing more is done with that. */
  private Mounted next() {
    all.remove(mounted);
    return keep(mounted.next());
  }

  @AfterEach
  void close() {
    all.reversed().forEach(Mounted::close);
  }

  private static MountOptions below(String prefix, boolean readOnly) {
    MountOptions usual = MountOptions.usual();
    return new MountOptions(
        prefix,
        usual.attributeTimeout(),
        usual.listTimeout(),
        usual.negativeTimeout(),
        usual.files(),
        readOnly);
  }

  private static void assertFails(Errno errno, ThrowingCallable work) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            FuseException.class, failure -> assertThat(failure.errno()).isEqualTo(errno));
  }

  private static void put(InMemoryObjectStore bucket, String key, String text) {
    bucket.with(key, text.getBytes(StandardCharsets.UTF_8));
  }

  private static SessionView of(String directory) {
    return new SessionView(directory, false, OptionalInt.empty(), OptionalInt.empty(), 0, false);
  }

  private static String read(Mounted from, String path) {
    try (Mounted.Open file = from.open(path, OpenFlags.READ_ONLY)) {
      return new String(file.readAll(), StandardCharsets.UTF_8);
    }
  }

  private static void write(Mounted to, String path, String text) {
    try (Mounted.Open file = to.create(path)) {
      file.write(0, text);
    }
  }

  @Test
  void anotherBucketIsSeenAtItsPathAndHidesWhatIsThere() {
    put(store, "a", "own");
    put(store, "labels/hidden", "hidden");
    put(other, "sub/f", "other");
    mounted.graft("labels", other);

    assertThat(mounted.list("")).containsOnlyKeys("a", "labels");
    assertThat(mounted.list("labels")).containsOnlyKeys("sub");
    assertThat(read(mounted, "labels/sub/f")).isEqualTo("other");
    assertThat(read(mounted, "a")).isEqualTo("own");
    assertThat(mounted.exists("labels/hidden")).isFalse();
  }

  @Test
  void aFileOfTheSameNameIsHidden() {
    put(store, "labels", "a file");
    put(store, "labels-2", "beside");
    mounted.graft("labels", other);

    assertThat(mounted.list("")).containsOnlyKeys("labels", "labels-2");
    assertThat(mounted.stat("labels").mode() & Attributes.TYPE_MASK)
        .isEqualTo(Attributes.DIRECTORY);
    mounted.ungraft("labels");
    assertThat(read(mounted, "labels")).isEqualTo("a file");
  }

  @Test
  void itIsKnownWhetherThereIsAFileThatIsHidden() {
    put(store, "labels/f", "in a directory");
    put(other, "inner", "a file of the mount around");
    MountTree labels = mounted.graft("labels", other);
    MountTree inner = mounted.graft("labels/inner", new InMemoryObjectStore());

    assertThat(labels.hidesFile()).isFalse();
    assertThat(inner.hidesFile()).isTrue();
    put(store, "labels", "a file");
    assertThat(labels.hidesFile()).isTrue();
    assertThat(mounted.tree.hidesFile()).isFalse();
    mounted.ungraft("labels");
    assertThat(labels.hidesFile()).isFalse();
  }

  @Test
  void aDirectoryOfTheBucketIsMounted() {
    put(other, "data/f", "in");
    put(other, "outside", "out");
    mounted.graft("labels", other, below("data/", false));
    assertThat(mounted.list("labels")).containsOnlyKeys("f");
  }

  @Test
  void directoriesOnTheWayAreThereAlsoWhenTheBucketHasThemNot() {
    put(other, "f", "other");
    mounted.graft("x/y/z", other);

    assertThat(mounted.list("")).containsOnlyKeys("x");
    assertThat(mounted.list("x/y")).containsOnlyKeys("z");
    assertThat(read(mounted, "x/y/z/f")).isEqualTo("other");
    write(mounted, "x/y/own", "text");
    assertThat(mounted.object("x/y/own")).isEqualTo("text");
    assertThat(mounted.list("x/y")).containsOnlyKeys("own", "z");
  }

  @Test
  void theWayIsThereWhenTheBucketOfTheMountDoesNotAnswer() {
    put(other, "f", "other");
    mounted.graft("x/y", other);
    store.before((call, key) -> {
      throw new StoreException.Unreachable("away", new IOException("away"));
    });
    assertThat(read(mounted, "x/y/f")).isEqualTo("other");
    store.before((call, key) -> {});
  }

  @Test
  void aMountInAMountIsSeen() {
    InMemoryObjectStore third = new InMemoryObjectStore();
    put(third, "deep", "third");
    put(other, "inner/hidden", "hidden");
    put(other, "f", "other");
    mounted.graft("labels/inner", third);
    mounted.graft("labels", other);

    assertThat(mounted.list("labels")).containsOnlyKeys("f", "inner");
    assertThat(read(mounted, "labels/inner/deep")).isEqualTo("third");
    assertThat(mounted.exists("labels/inner/hidden")).isFalse();
  }

  @Test
  void aMountThatCannotBeMadeGivesErrorsAndTakesNothing() {
    put(store, "labels/hidden", "hidden");
    put(store, "own", "own");
    assertThat(mounted.exists("labels/hidden")).isTrue();
    mounted.graftMissing("labels");

    assertThat(mounted.list("")).containsOnlyKeys("own");
    assertThat(mounted.bareNames("")).containsOnly(".", "..", "labels");
    assertFails(Errno.EIO, () -> mounted.stat("labels"));
    assertFails(Errno.EIO, () -> read(mounted, "labels/hidden"));
    assertFails(Errno.EIO, () -> write(mounted, "labels/new", "text"));
    assertFails(Errno.EEXIST, () -> mounted.mkdir("labels"));
    assertFails(Errno.EBUSY, () -> mounted.rename("labels", "x"));
    assertThat(read(mounted, "own")).isEqualTo("own");
    assertThat(mounted.tree.directories().list("labels", "", 10)).isEmpty();

    mounted.graft("labels", other);
    write(mounted, "labels/new", "text");
    assertThat(other.keys()).containsExactly("new");
    assertThat(store.keys()).containsExactly("labels/hidden", "own");
  }

  @Test
  void aMountInOneThatCannotBeMadeIsNowhere() {
    put(other, "f", "other");
    mounted.graftMissing("labels");
    mounted.graft("labels/inner", other);
    mounted.graftMissing("labels");

    assertFails(Errno.EIO, () -> read(mounted, "labels/inner/f"));
    assertThatThrownBy(() -> mounted.session(of("labels/inner/")))
        .hasMessageContaining("labels/inner/");
  }

  @Test
  void namesThatAMountNeedsCannotBeTakenOrGivenAway() {
    put(store, "x/f", "f");
    put(store, "y/f", "f");
    mounted.graft("x/labels", other);

    assertFails(Errno.EEXIST, () -> mounted.mkdir("x/labels"));
    assertFails(Errno.EBUSY, () -> mounted.rmdir("x/labels"));
    assertFails(Errno.EBUSY, () -> mounted.rmdir("x"));
    assertFails(Errno.EBUSY, () -> mounted.rename("x", "z"));
    assertFails(Errno.EBUSY, () -> mounted.rename("y", "x"));
    assertFails(Errno.EBUSY, () -> mounted.rename("x/labels", "x/other"));
    assertThat(mounted.list("x")).containsOnlyKeys("f", "labels");
  }

  @Test
  void nothingIsRenamedFromOneBucketToAnother() {
    put(store, "f", "f");
    put(other, "g", "g");
    mounted.graft("labels", other);
    assertFails(Errno.EXDEV, () -> mounted.rename("f", "labels/f"));
    assertFails(Errno.EXDEV, () -> mounted.rename("labels/g", "g"));
    mounted.rename("labels/g", "labels/h");
    assertThat(other.bytes("h")).isPresent();
  }

  @Test
  void whatIsWrittenGoesToItsBucket() {
    mounted.graft("labels", other);
    write(mounted, "labels/f", "text");
    assertThat(other.bytes("f")).contains("text".getBytes(StandardCharsets.UTF_8));
    assertThat(store.bytes("labels/f")).isEmpty();
    mounted.mkdir("labels/d");
    assertThat(other.bytes("d/")).isPresent();
  }

  @Test
  void aReadOnlyMountIsReadOnlyAndTheOthersAreNot() {
    put(other, "f", "other");
    mounted.graft("labels", other, below("", true));
    assertFails(Errno.EROFS, () -> write(mounted, "labels/g", "text"));
    assertFails(Errno.EROFS, () -> mounted.open("labels/f", OpenFlags.READ_WRITE));
    assertFails(Errno.EROFS, () -> mounted.unlink("labels/f"));
    assertFails(Errno.EROFS, () -> mounted.chmod("labels/f", 0600));
    write(mounted, "g", "text");
    assertThat(mounted.object("g")).isEqualTo("text");
  }

  @Test
  void aBucketThatFailsFailsBelowItsPathOnly() {
    put(store, "f", "own");
    other.before((call, key) -> {
      throw new StoreException.BucketNotFound("gone");
    });
    mounted.graft("labels", other);
    assertThat(mounted.list("")).containsOnlyKeys("f", "labels");
    assertThat(mounted.stat("labels").mode() & Attributes.TYPE_MASK)
        .isEqualTo(Attributes.DIRECTORY);
    assertThatThrownBy(() -> mounted.list("labels")).isInstanceOf(FuseException.class);
    assertThat(read(mounted, "f")).isEqualTo("own");
    other.before((call, key) -> {});
  }

  @Test
  void equalKeysOfTwoBucketsHaveDifferentNumbersAndBytes() {
    put(store, "f", "one");
    put(other, "f", "two");
    mounted.graft("labels", other);
    assertThat(mounted.stat("labels/f").inode()).isNotEqualTo(mounted.stat("f").inode());
    assertThat(mounted.stat("labels").inode()).isNotEqualTo(mounted.stat("").inode());
    assertThat(read(mounted, "f") + read(mounted, "labels/f")).isEqualTo("onetwo");
  }

  @Test
  void everyEntryComesOnceInALongDirectory() {
    IntStream.range(0, 2500).forEach(i -> put(store, "f%04d".formatted(i), "x"));
    put(store, "f1500x/inside", "x");
    put(store, "f0999", "x");
    mounted.graft("f0999", other);
    mounted.graft("f1500x", new InMemoryObjectStore());
    mounted.graft("zzz/y", new InMemoryObjectStore());
    for (int room : new int[] {7, 1000, 5000}) {
      assertThat(mounted.list("", room)).hasSize(2500 + 2).containsKeys("f1500x", "zzz");
    }
  }

  @Test
  void aMountThatIsAddedIsSeenAtOnce() {
    put(other, "f", "other");
    put(store, "a", "own");
    assertThat(mounted.exists("labels")).isFalse();
    assertThat(mounted.list("")).doesNotContainKey("labels");
    mounted.graft("labels", other);
    assertThat(mounted.exists("labels/f")).isTrue();
    assertThat(mounted.list("")).containsKey("labels");
  }

  @Test
  void aMountThatIsRemovedVanishesAndWhatIsOpenGoesOn() {
    put(other, "f", "other");
    MountTree tree = mounted.graft("labels", other);
    Mounted.Open reading = mounted.open("labels/f", OpenFlags.READ_ONLY);
    Mounted.Open writing = mounted.create("labels/g");
    writing.write(0, "begun ");

    mounted.ungraft("labels");

    assertThat(mounted.exists("labels")).isFalse();
    assertThat(mounted.list("")).doesNotContainKey("labels");
    assertThat(new String(reading.readAll(), StandardCharsets.UTF_8)).isEqualTo("other");
    writing.write(6, "and ended");
    writing.close();
    assertThat(other.bytes("g")).contains("begun and ended".getBytes(StandardCharsets.UTF_8));
    assertThat(tree.isUnused()).isFalse();
    reading.close();
    await().until(tree::isUnused);
    tree.close();
  }

  @Test
  void whatThePathHidAppearsWhenTheMountIsRemoved() {
    put(store, "labels/hidden", "hidden");
    mounted.graft("labels", other);
    assertThat(mounted.list("labels")).doesNotContainKey("hidden");
    mounted.ungraft("labels");
    assertThat(read(mounted, "labels/hidden")).isEqualTo("hidden");
  }

  @Test
  void aSessionOfASubdirectorySeesWhatIsBelowIt() {
    put(store, "x/f", "own");
    put(other, "d/g", "other");
    mounted.graft("x/labels", other);
    Mounted session = keep(mounted.session(of("x/")));
    assertThat(read(session, "labels/d/g")).isEqualTo("other");
    Mounted inside = keep(mounted.session(of("x/labels/d/")));
    assertThat(inside.list("")).containsOnlyKeys("g");
    write(inside, "h", "text");
    assertThat(other.bytes("d/h")).contains("text".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void theNextProcessGoesOnWithWhatWasOpen() {
    put(other, "f", "other");
    put(store, "f", "own");
    mounted.graft("labels", other);
    Mounted.Open reading = mounted.open("labels/f", OpenFlags.READ_ONLY);
    Mounted.Open writing = mounted.create("labels/g");
    writing.write(0, "begun ");

    Mounted next = next();

    assertThat(new String(next.again(reading).readAll(), StandardCharsets.UTF_8))
        .isEqualTo("other");
    Mounted.Open again = next.again(writing);
    again.write(6, "and ended");
    again.close();
    assertThat(other.bytes("g")).contains("begun and ended".getBytes(StandardCharsets.UTF_8));
    next.again(reading).close();
  }

  @Test
  void theNextProcessDoesNotKnowNodesOfATreeThatIsNoMore() {
    put(other, "f", "other");
    put(store, "f", "own");
    mounted.graft("labels", other);
    Mounted.Open reading = mounted.open("labels/f", OpenFlags.READ_ONLY);
    mounted.ungraft("labels");

    Mounted next = next();

    Mounted.Open again = next.again(reading);
    assertFails(Errno.ESTALE, () -> next.session.getattr(Mounted.CALLER, again.node, 0));
    assertFails(Errno.EBADF, () -> again.read(0, 5));
    assertThat(read(next, "f")).isEqualTo("own");
  }

  @Test
  void whatAKilledProcessHasWrittenGoesToItsBucketWithoutItsSession() {
    mounted.graft("labels", other);
    Mounted.Open writing = mounted.create("labels/g");
    other.before((call, key) -> {
      throw new StoreException.Unreachable("away", new IOException("away"));
    });
    writing.write(0, "text");
    assertThatThrownBy(writing::flush).isInstanceOf(FuseException.class);
    Mounted next = next();
    other.before((call, key) -> {});
    next.again(writing).close();
    await().atMost(Duration.ofSeconds(20)).until(() -> other.bytes("g").isPresent());
    assertThat(store.bytes("g")).isEmpty();
  }
}
