package io.ossmount.cache.selftest;

import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectStore.Part;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** What the store has to keep to for a mount to be right: objects by themselves. */
final class StoreChecks {
  private static final byte[] SAMPLE = RandomBytes.of(10, 300_000);
  private static final int SMALLEST_PART_BYTES = 100 << 10;
  private static final int GETS = 20;

  /** OSS refuses requests that are more than 15 minutes off. */
  private static final Duration MOST_SKEW = Duration.ofMinutes(15);

  /** Nothing fails yet, and somebody should look at the machine's clock. */
  private static final Duration MUCH_SKEW = Duration.ofMinutes(1);

  private final Subject subject;
  private final ObjectStore store;

  StoreChecks(Subject subject) {
    this.subject = subject;
    this.store = subject.store();
  }

  List<Check> all() {
    return List.of(
        Check.reading("Store/ClockSkew", this::clockSkew),
        Check.reading("Store/Latency", this::latency),
        Check.reading("Store/Head", this::head),
        Check.reading("Store/GetRange", this::getRange),
        Check.reading("Store/IfMatch", this::ifMatch),
        Check.reading("Store/IfNoneMatch", this::ifNoneMatch),
        Check.writing("Store/ForbidOverwrite", this::forbidOverwrite),
        Check.writing("Store/Multipart", this::multipart),
        Check.writing("Store/AbortMultipart", this::abortMultipart));
  }

  private String clockSkew() throws Check.CheckFailed {
    Duration skew = subject.probe().clockDifference().abs();
    Check.that(
        skew.compareTo(MOST_SKEW) < 0,
        "the clocks of this node and of OSS differ by %d s, and OSS refuses more than %d; set the"
            + " node's clock",
        skew.toSeconds(),
        MOST_SKEW.toSeconds());
    return skew.compareTo(MUCH_SKEW) < 0
        ? ""
        : "the clocks of this node and of OSS differ by %d s".formatted(skew.toSeconds());
  }

  private String latency() throws Check.NotApplicable {
    ObjectVersion version = Samples.of(subject, "latency", Arrays.copyOf(SAMPLE, 4096));
    long[] nanos =
        LongStream.range(0, GETS)
            .map(_ -> {
              long start = System.nanoTime();
              var _ = StoredObjects.get(store, version, 0, 4096);
              return System.nanoTime() - start;
            })
            .sorted()
            .toArray();
    return "GET of up to 4 KiB: median %d ms, longest %d ms of %d"
        .formatted(
            TimeUnit.NANOSECONDS.toMillis(nanos[GETS / 2]),
            TimeUnit.NANOSECONDS.toMillis(nanos[GETS - 1]),
            GETS);
  }

  private String head() throws Exception {
    ObjectVersion version = Samples.of(subject, "head", SAMPLE);
    ObjectInfo info = StoredObjects.head(store, version.key());
    Check.that(
        info.version().equals(version),
        "HEAD tells %s, and the object is %s",
        info.version(),
        version);
    return "";
  }

  private String getRange() throws Exception {
    ObjectVersion version = Samples.of(subject, "range", SAMPLE);
    byte[] whole = StoredObjects.get(store, version, 0, SAMPLE.length);
    if (!subject.options().readOnly()) {
      Check.that(Arrays.equals(whole, SAMPLE), "GET of %s gives other bytes", version.key());
    }
    for (int part = 1; part <= 4; part++) {
      int offset = whole.length * part / 5;
      int length = Math.max(1, whole.length / 7);
      byte[] range = StoredObjects.get(store, version, offset, length);
      Check.that(
          Arrays.equals(
              range, Arrays.copyOfRange(whole, offset, Math.min(whole.length, offset + length))),
          "GET of %d bytes at %d of %s gives other bytes than a GET of the whole",
          length,
          offset,
          version.key());
    }
    return "";
  }

  private String ifMatch() throws Exception {
    ObjectVersion version = Samples.of(subject, "if-match", SAMPLE);
    ObjectVersion other =
        new ObjectVersion(version.key(), "00000000000000000000000000000000", version.size());
    try {
      var _ = StoredObjects.get(store, other, 0, 1);
    } catch (StoreException.VersionChanged expected) {
      return "";
    }
    throw new Check.CheckFailed("a GET with the If-Match of another version was answered");
  }

  private String ifNoneMatch() throws Exception {
    ObjectVersion version = Samples.of(subject, "if-none-match", SAMPLE);
    Check.that(
        subject.probe().isUnchanged(version),
        "a GET with the If-None-Match of the only version was answered");
    return "";
  }

  private void forbidOverwrite() throws Exception {
    String key = key("forbid-overwrite");
    Check.that(
        subject.probe().putNew(key, StoredObjects.content(new byte[] {1})),
        "a new object is said to be there already");
    Check.that(
        !subject.probe().putNew(key, StoredObjects.content(new byte[] {2})),
        "a PUT that must not overwrite has overwritten");
    byte[] now = StoredObjects.get(store, StoredObjects.head(store, key).version(), 0, 1);
    Check.that(Arrays.equals(now, new byte[] {1}), "a PUT that was refused has overwritten");
  }

  private void multipart() throws Exception {
    String key = key("multipart");
    byte[] whole = Arrays.copyOf(SAMPLE, SMALLEST_PART_BYTES + 1234);
    String upload = store.startUpload(key, ObjectMetadata.NONE);
    Part first =
        store.uploadPart(
            key, upload, 1, StoredObjects.content(Arrays.copyOf(whole, SMALLEST_PART_BYTES)));
    Part second =
        store.uploadPart(
            key,
            upload,
            2,
            StoredObjects.content(Arrays.copyOfRange(whole, SMALLEST_PART_BYTES, whole.length)));
    Check.that(store.head(key).isEmpty(), "%s is there before its upload is completed", key);
    var _ = store.completeUpload(key, upload, List.of(first, second));
    StoredObjects.await(store, key, whole, Duration.ZERO);
  }

  private void abortMultipart() throws Exception {
    String key = key("abort");
    String upload = store.startUpload(key, ObjectMetadata.NONE);
    var _ = store.uploadPart(key, upload, 1, StoredObjects.content(new byte[100]));
    store.abortUpload(key, upload);
    Check.that(store.uploads(key).isEmpty(), "an upload of %s is there after its end", key);
    Check.that(store.head(key).isEmpty(), "%s is there though its upload was given up", key);
  }

  private String key(String name) {
    return subject.scratchPrefix() + "store/" + name;
  }
}
