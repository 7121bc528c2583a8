package io.ossmount.cache.store.oss;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.config.MountSettings.Source;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObjectStoreContract;
import io.ossmount.cache.store.ObjectVersion;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract, with OSS over sockets. */
class OssObjectStoreIT extends ObjectStoreContract {
  @TempDir Path data;
  private EmulatedOss oss = Unset.value();
  private OssObjectStore store = Unset.value();

  @BeforeEach
  void start() {
    oss = new EmulatedOss(data);
    store = oss.store();
  }

  @AfterEach
  void stop() {
    store.close();
    oss.close();
  }

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Test
  void the_bucket_can_be_a_label_of_the_host_name() {
    Source source =
        new Source(
            EmulatedOss.BUCKET,
            "",
            URI.create("http://localhost:" + oss.emulator().port()),
            EmulatedOss.REGION,
            false,
            Optional.of(EmulatedOss.CREDENTIALS));
    try (OssObjectStore virtual = OssObjectStore.connect(source, EmulatedOss.TIMEOUTS)) {
      put("a", new byte[3]);

      assertThat(virtual.head("a").orElseThrow().size()).isEqualTo(3);
    }
  }

  @Test
  void keys_that_no_xml_can_hold_are_listed_and_deleted() {
    List<String> keys =
        List.of("a\u0001b", "c\td", "e\nf", "g\rh", "i\u007fj", "k\uffffl", "?start", " lead ");
    keys.forEach(key -> put(key, new byte[1]));

    assertThat(store.list("", false, Optional.empty(), 1000).objects())
        .extracting(info -> info.key())
        .containsExactlyInAnyOrderElementsOf(keys);
    store.deleteAll(keys);
    assertThat(store.list("", false, Optional.empty(), 1000).objects()).isEmpty();
  }

  @Test
  void every_get_names_the_version_and_tells_the_crc64_of_the_object() {
    ObjectVersion version = put("a", random(1000)).version();
    try (var body = store.get(version, 10, 20)) {
      assertThat(body.objectCrc64()).isEqualTo(store.head("a").orElseThrow().crc64()).isPresent();
    }
  }
}
