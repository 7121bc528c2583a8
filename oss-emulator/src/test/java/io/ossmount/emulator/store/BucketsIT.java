package io.ossmount.emulator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.emulator.api.OssException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BucketsIT {
  @TempDir Path directory;

  private Buckets open() throws IOException {
    return Buckets.open(directory, Clock.systemUTC());
  }

  private static void put(Buckets buckets, String key, byte[] bytes) throws IOException {
    try (Received received = buckets.receive(new ByteArrayInputStream(bytes), 1 << 20)) {
      buckets
          .get("bucket")
          .put(new Draft(key, ObjectType.NORMAL, received.content(), Map.of(), "", false));
    }
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[100_000];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @Test
  void whatAKilledProcessLeftIsCleanedUp() throws IOException {
    Buckets before = open();
    before.create("bucket");
    put(before, "k", filled(1));
    Files.write(directory.resolve("blobs/orphan"), filled(2));
    Files.writeString(directory.resolve("buckets/bucket/objects/x.json.new"), "{half of an obj");
    Files.createDirectory(directory.resolve("buckets/bucket/uploads/HALF"));
    Buckets after = open();
    assertThat(after.get("bucket").objectCount()).isEqualTo(1);
    assertThat(after.bytesOnDisk()).isEqualTo(100_000);
  }

  @Test
  void aReaderKeepsItsVersionWhileItIsReplaced() throws IOException {
    Buckets buckets = open();
    Bucket bucket = buckets.create("bucket");
    put(buckets, "k", filled(1));
    try (ObjectReader reader = bucket.open("k")) {
      put(buckets, "k", filled(2));
      bucket.delete("k");
      try (Received copy = buckets.copyRange(reader, 10, 20)) {
        assertThat(copy.content().size()).isEqualTo(20);
      }
      assertThat(buckets.bytesOnDisk()).isEqualTo(100_000);
    }
    assertThat(buckets.bytesOnDisk()).isZero();
  }

  @Test
  void readersNeverSeeAMixtureOfVersions() throws Exception {
    Buckets buckets = open();
    Bucket bucket = buckets.create("bucket");
    put(buckets, "k", filled(0));
    CompletableFuture<?> writer =
        CompletableFuture.runAsync(() -> {
          try {
            for (int i = 1; i < 100; i++) {
              put(buckets, "k", filled(i));
            }
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
    while (!writer.isDone()) {
      try (ObjectReader reader = bucket.open("k");
          Received copy = buckets.copyRange(reader, 0, 100_000)) {
        assertThat(copy.content().etag()).isEqualTo(reader.object().etag());
      }
    }
    writer.get(10, TimeUnit.SECONDS);
    assertThat(buckets.bytesOnDisk()).isEqualTo(100_000);
  }

  @Test
  void theIndexIsReadFromDisk() throws IOException {
    Buckets before = open();
    Bucket bucket = before.create("bucket");
    for (int i = 0; i < 2000; i++) {
      String key = "d%03d/%06d\0ü".formatted(i % 100, i);
      bucket.put(
          new Draft(key, ObjectType.SYMLINK, Contents.empty(key), Map.of(), "target", false));
    }
    Listing.Request everything = new Listing.Request("", "", Position.START, 5000);
    assertThat(open().get("bucket").list(everything)).isEqualTo(bucket.list(everything));
  }

  @Test
  void namesOfBucketsFollowTheRules() throws IOException {
    Buckets buckets = open();
    for (String wrong :
        new String[] {"b", "ab", "Abc", "a_b", "-ab", "ab-", "..", "a".repeat(64)}) {
      assertThatThrownBy(() -> buckets.create(wrong)).isInstanceOf(OssException.class);
    }
    buckets.create("a-1");
    buckets.delete("a-1");
    assertThatThrownBy(() -> buckets.get("a-1")).isInstanceOf(OssException.class);
    assertThat(open().all()).isEmpty();
  }
}
