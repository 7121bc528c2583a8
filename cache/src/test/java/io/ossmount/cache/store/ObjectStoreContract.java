package io.ossmount.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.cache.store.ObjectStore.ListPage;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectStore.OpenUpload;
import io.ossmount.cache.store.ObjectStore.Overwrite;
import io.ossmount.cache.store.ObjectStore.Part;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link ObjectStore} does. Subclasses say which one. */
@Timeout(60)
public abstract class ObjectStoreContract {
  @TempDir Path directory;

  /** An empty bucket. */
  protected abstract ObjectStore store();

  @Test
  void what_was_put_can_be_headed_and_read() {
    byte[] bytes = random(300_000);

    ObjectInfo put = put("a/b c+%&?#\u00e9\u4e2d.bin", bytes);

    ObjectInfo head = store().head(put.key()).orElseThrow();
    assertThat(head.version()).isEqualTo(put.version());
    assertThat(head.size()).isEqualTo(300_000);
    assertThat(head.crc64()).contains(Crc64.of(ByteBuffer.wrap(bytes)));
    assertThat(head.modified()).isCloseTo(Instant.now(), within(Duration.ofMinutes(5)));
    assertThat(put.version().etag()).doesNotContain("\"").isNotEmpty();
    assertThat(read(put.version(), 0, 300_000)).isEqualTo(bytes);
  }

  @Test
  void a_range_is_read_and_ends_at_the_end_of_the_object() {
    byte[] bytes = random(10_000);
    ObjectVersion version = put("range", bytes).version();

    assertThat(read(version, 5, 1)).isEqualTo(new byte[] {bytes[5]});
    assertThat(read(version, 9_000, 1_000_000)).isEqualTo(Arrays.copyOfRange(bytes, 9_000, 10_000));
  }

  @Test
  void a_body_may_be_closed_before_its_end() {
    ObjectVersion version = put("early", random(5_000_000)).version();

    try (ObjectBody body = store().get(version, 0, 5_000_000)) {
      assertThat(body.length()).isEqualTo(5_000_000);
      assertThat(body.read(ByteBuffer.allocate(10))).isBetween(1, 10);
    }

    assertThat(store().head("early")).isPresent();
  }

  @Test
  void an_object_that_is_not_there_has_no_head_and_cannot_be_read() {
    assertThat(store().head("none")).isEmpty();
    assertThatThrownBy(() -> store().get(new ObjectVersion("none", "ABC", 1), 0, 1))
        .isInstanceOf(StoreException.NotFound.class)
        .hasMessageContaining("none");
  }

  @Test
  void another_version_is_never_read() {
    ObjectVersion first = put("changed", random(100)).version();
    put("changed", random(101));

    assertThatThrownBy(() -> store().get(first, 0, 1))
        .isInstanceOf(StoreException.VersionChanged.class);
    assertThatThrownBy(() -> store().copy(first, "copy", Optional.empty()))
        .isInstanceOf(StoreException.VersionChanged.class);
    assertThat(store().head("copy")).isEmpty();
  }

  @Test
  void metadata_is_kept_and_a_copy_carries_or_replaces_it() {
    ObjectMetadata metadata =
        new ObjectMetadata(Optional.of("text/x-test"), Map.of("mode", "33188", "uid", "7"));
    ObjectInfo source = store().put("m", content(random(10)), metadata);

    store().copy(source.version(), "same", Optional.empty());
    store()
        .copy(
            source.version(),
            "other",
            Optional.of(new ObjectMetadata(Optional.empty(), Map.of("mode", "1"))));

    assertThat(user("m")).isEqualTo(Map.of("mode", "33188", "uid", "7"));
    assertThat(user("same")).isEqualTo(Map.of("mode", "33188", "uid", "7"));
    assertThat(user("other")).isEqualTo(Map.of("mode", "1"));
  }

  @Test
  void an_object_is_copied_onto_itself_with_new_metadata() {
    byte[] bytes = random(10);
    ObjectVersion version = put("self", bytes).version();

    ObjectInfo copied =
        store()
            .copy(
                version,
                "self",
                Optional.of(new ObjectMetadata(Optional.empty(), Map.of("a", "b"))));

    assertThat(user("self")).isEqualTo(Map.of("a", "b"));
    assertThat(read(copied.version(), 0, 10)).isEqualTo(bytes);
  }

  @Test
  void a_file_s_range_is_put() throws IOException {
    byte[] bytes = random(200_000);
    Path file = Files.write(directory.resolve("content"), bytes);

    ObjectVersion version;
    try (FileChannel channel = FileChannel.open(file)) {
      version =
          store()
              .put("file", new Content.OfFile(channel, 100, 199_000), ObjectMetadata.NONE)
              .version();
    }

    assertThat(read(version, 0, 199_000)).isEqualTo(Arrays.copyOfRange(bytes, 100, 199_100));
  }

  @Test
  void an_empty_object_is_put() {
    ObjectInfo put = put("empty", new byte[0]);

    assertThat(store().head("empty").orElseThrow().size()).isZero();
    assertThat(put.size()).isZero();
  }

  @Test
  void a_listing_folds_directories_and_comes_in_pages_in_byte_order() {
    List<String> keys =
        List.of(
            "d/", "d/a", "d/b/x", "d/b/y", "d/c", "d/\u00e9/z", "d0", "d/\ud83d\ude00", "d/\uff5e");
    keys.forEach(key -> put(key, new byte[1]));

    assertThat(keysOf(pages("d/", true, 1000)))
        .containsExactly("d/", "d/a", "d/c", "d/\uff5e", "d/\ud83d\ude00");
    assertThat(directoriesOf(pages("d/", true, 1000))).containsExactly("d/b/", "d/\u00e9/");
    for (int size = 1; size <= 4; size++) {
      List<ListPage> pages = pages("d/", true, size);
      assertThat(keysOf(pages)).isEqualTo(keysOf(pages("d/", true, 1000)));
      assertThat(directoriesOf(pages)).containsExactly("d/b/", "d/\u00e9/");
    }
    assertThat(keysOf(pages("", false, 2))).hasSameElementsAs(keys).hasSize(keys.size());
  }

  @Test
  void a_listing_tells_versions() {
    ObjectInfo put = put("listed", random(77));

    ObjectInfo listed = store().list("lis", true, Optional.empty(), 10).objects().getFirst();

    assertThat(listed.version()).isEqualTo(put.version());
    assertThat(listed.modified()).isCloseTo(Instant.now(), within(Duration.ofMinutes(5)));
  }

  @Test
  void deletes_succeed_also_when_there_is_nothing() {
    put("one", new byte[1]);
    put("two & <three>", new byte[1]);
    put("four", new byte[1]);

    store().delete("one");
    store().delete("one");
    store().deleteAll(List.of("two & <three>", "not there"));
    store().deleteAll(List.of());

    assertThat(keysOf(pages("", false, 1000))).containsExactly("four");
  }

  @Test
  void parts_make_an_object() {
    byte[] whole = random(350_000);
    ObjectVersion old = put("old", Arrays.copyOf(whole, 150_000)).version();

    String upload =
        store().startUpload("big", new ObjectMetadata(Optional.empty(), Map.of("k", "v")));
    Part second =
        store().uploadPart("big", upload, 2, content(Arrays.copyOfRange(whole, 150_000, 300_000)));
    Part third =
        store().uploadPart("big", upload, 3, content(Arrays.copyOfRange(whole, 300_000, 350_000)));
    Part first = store().copyPart("big", upload, 1, old, 0, 150_000);
    assertThat(store().head("big")).isEmpty();
    ObjectInfo info = store().completeUpload("big", upload, List.of(first, second, third));

    assertThat(info.size()).isEqualTo(350_000);
    assertThat(info.version()).isEqualTo(store().head("big").orElseThrow().version());
    assertThat(user("big")).isEqualTo(Map.of("k", "v"));
    assertThat(read(info.version(), 0, 350_000)).isEqualTo(whole);
  }

  @Test
  void an_object_that_is_there_is_not_replaced_where_that_is_forbidden() {
    byte[] first = random(150_000);
    ObjectInfo made = store().put("once", content(first), ObjectMetadata.NONE, Overwrite.FORBIDDEN);
    assertThatThrownBy(() ->
            store().put("once", content(random(10)), ObjectMetadata.NONE, Overwrite.FORBIDDEN))
        .isInstanceOf(StoreException.VersionChanged.class);
    String upload = store().startUpload("once", ObjectMetadata.NONE);
    Part part = store().uploadPart("once", upload, 1, content(random(10)));
    assertThatThrownBy(
            () -> store().completeUpload("once", upload, List.of(part), Overwrite.FORBIDDEN))
        .isInstanceOf(StoreException.VersionChanged.class);
    assertThat(read(made.version(), 0, 150_000)).isEqualTo(first);

    // The upload is still there.
    store().delete("once");
    ObjectInfo again = store().completeUpload("once", upload, List.of(part), Overwrite.FORBIDDEN);
    assertThat(read(again.version(), 0, 10)).isEqualTo(random(10));
  }

  @Test
  void a_part_of_a_changed_source_is_not_copied() {
    ObjectVersion old = put("source", random(150_000)).version();
    put("source", random(150_001));
    String upload = store().startUpload("target", ObjectMetadata.NONE);

    assertThatThrownBy(() -> store().copyPart("target", upload, 1, old, 0, 150_000))
        .isInstanceOf(StoreException.VersionChanged.class);
  }

  @Test
  void open_uploads_of_a_key_are_told() {
    String key = "up/\u00fc a+b%2B&<";
    String one = store().startUpload(key, ObjectMetadata.NONE);
    String two = store().startUpload(key, ObjectMetadata.NONE);
    String other = store().startUpload(key + "x", ObjectMetadata.NONE);

    assertThat(store().uploads(key)).extracting(OpenUpload::id).containsExactlyInAnyOrder(one, two);
    assertThat(store().uploads(key).getFirst().begun())
        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
    store().abortUpload(key, one);
    assertThat(store().uploads(key)).extracting(OpenUpload::id).containsExactly(two);
    store().abortUpload(key, two);
    store().abortUpload(key + "x", other);
    assertThat(store().uploads(key)).isEmpty();
  }

  @Test
  void an_aborted_upload_is_gone() {
    String upload = store().startUpload("gone", ObjectMetadata.NONE);
    store().uploadPart("gone", upload, 1, content(random(10)));

    store().abortUpload("gone", upload);
    store().abortUpload("gone", upload);

    assertThatThrownBy(() -> store().uploadPart("gone", upload, 1, content(random(10))))
        .isInstanceOf(StoreException.Invalid.class);
    assertThat(store().head("gone")).isEmpty();
  }

  @Test
  void a_name_that_oss_does_not_take_is_invalid() {
    assertThatThrownBy(() -> put("x".repeat(1024), new byte[1]))
        .isInstanceOf(StoreException.Invalid.class);
    assertThatThrownBy(() -> put("/leading", new byte[1]))
        .isInstanceOf(StoreException.Invalid.class);
    put("y".repeat(1023), new byte[1]);
  }

  @Test
  void a_check_tells_whether_there_is_anything_and_leaves_nothing() {
    assertThat(store().check("p/", true)).isFalse();

    put("p/x", new byte[1]);

    assertThat(store().check("p/", true)).isTrue();
    assertThat(store().check("", false)).isTrue();
    assertThat(keysOf(pages("", false, 1000))).containsExactly("p/x");
  }

  @Test
  void an_interrupted_thread_is_told_and_keeps_its_flag() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> store().head("any")).isInstanceOf(StoreException.Interrupted.class);

    assertThat(Thread.interrupted()).isTrue();
  }

  /** Puts an object without metadata. */
  protected ObjectInfo put(String key, byte[] bytes) {
    return store().put(key, content(bytes), ObjectMetadata.NONE);
  }

  /** Reads all of a range. */
  protected byte[] read(ObjectVersion version, long offset, int length) {
    try (ObjectBody body = store().get(version, offset, length)) {
      ByteBuffer into = ByteBuffer.allocate((int) body.length());
      while (body.read(into) >= 0) {
        assertThat(into.position()).isPositive();
      }
      assertThat(into.hasRemaining()).isFalse();
      return into.array();
    }
  }

  /** Bytes that are the same in each run. */
  protected static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  /** Content of these bytes. */
  protected static Content content(byte[] bytes) {
    return new Content.OfBuffer(ByteBuffer.wrap(bytes));
  }

  private Map<String, String> user(String key) {
    return store().head(key).orElseThrow().user().orElseThrow();
  }

  private List<ListPage> pages(String prefix, boolean delimited, int size) {
    List<ListPage> pages = new ArrayList<>();
    Optional<String> continuation = Optional.empty();
    do {
      ListPage page = store().list(prefix, delimited, continuation, size);
      assertThat(page.objects().size() + page.directories().size()).isLessThanOrEqualTo(size);
      pages.add(page);
      continuation = page.continuation();
    } while (continuation.isPresent());
    return pages;
  }

  private static List<String> keysOf(List<ListPage> pages) {
    return pages.stream().flatMap(page -> page.objects().stream()).map(ObjectInfo::key).toList();
  }

  private static List<String> directoriesOf(List<ListPage> pages) {
    return pages.stream().flatMap(page -> page.directories().stream()).toList();
  }

  private static org.assertj.core.data.TemporalUnitOffset within(Duration duration) {
    return org.assertj.core.api.Assertions.within(
        duration.toSeconds(), java.time.temporal.ChronoUnit.SECONDS);
  }
}
