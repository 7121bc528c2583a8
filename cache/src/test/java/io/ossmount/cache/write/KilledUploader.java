package io.ossmount.cache.write;

import io.ossmount.cache.config.MountSettings.Source;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.oss.EmulatedOss;
import io.ossmount.cache.store.oss.OssObjectStore;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;

/** A process that uploads one file after another, in all ways there are, until it is killed. */
final class KilledUploader {
  static final long PART_BYTES = 100 << 10;
  private static final int CHUNK = 50 << 10;
  private static final int FEW_KEYS = 5;

  private KilledUploader() {}

  /** Staging directory, endpoint, seed. */
  public static void main(String[] args) {
    StagingArea area = StagingArea.open(Path.of(args[0]), 1 << 30);
    Source source =
        new Source(
            EmulatedOss.BUCKET,
            "",
            URI.create(args[1]),
            EmulatedOss.REGION,
            true,
            Optional.of(EmulatedOss.CREDENTIALS));
    try (OssObjectStore store = OssObjectStore.connect(source, EmulatedOss.TIMEOUTS);
        Uploader uploader = new Uploader(store, PART_BYTES)) {
      Random random = new Random(Long.parseLong(args[2]));
      System.out.println("begins");
      while (true) {
        uploadOne(area, uploader, random);
      }
    }
  }

  private static void uploadOne(StagingArea area, Uploader uploader, Random random) {
    String key = "key-" + random.nextInt(FEW_KEYS);
    boolean goesAhead = random.nextBoolean();
    StagedFile file = area.create(key, Optional.empty());
    Optional<PartStream> stream = Optional.empty();
    byte[] bytes = new byte[CHUNK];
    for (int left = random.nextInt(15); left >= 0; left--) {
      random.nextBytes(bytes);
      file.write(file.size(), MemorySegment.ofArray(bytes));
      if (goesAhead) {
        stream = uploader.stream(stream, file, key, ObjectMetadata.NONE);
      }
    }
    if (stream.isPresent() && random.nextInt(4) == 0) {
      file.discard();
      stream.get().abort();
      return;
    }
    ObjectInfo _ =
        stream
            .flatMap(parts -> uploader.upload(key, file, parts, ObjectMetadata.NONE))
            .orElseGet(() -> uploader.upload(key, file, Optional.empty(), ObjectMetadata.NONE));
    file.discard();
  }
}
