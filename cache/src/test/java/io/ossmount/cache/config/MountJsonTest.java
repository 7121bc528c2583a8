package io.ossmount.cache.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ossmount.cache.config.MountSettings.Cache;
import io.ossmount.cache.config.MountSettings.Credentials;
import io.ossmount.cache.config.MountSettings.Files;
import io.ossmount.cache.config.MountSettings.MetadataCache;
import io.ossmount.cache.config.MountSettings.MountName;
import io.ossmount.cache.config.MountSettings.NestedMount;
import io.ossmount.cache.config.MountSettings.Source;
import io.ossmount.cache.config.MountSettings.Timeouts;
import io.ossmount.cache.config.MountSettings.Write;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MountJsonTest {
  private static final String LEAST =
      """
      {"source": {"bucket": "my-bucket", "endpoint": "http://oss:8080", "region": "r"},
       "cache": {"sizeBytes": "10"}}
      """;

  @Test
  void nested_mounts_have_what_the_mount_has_and_what_they_say() throws Exception {
    MountSettings settings =
        parse(
            """
            {"source": {"bucket": "my-bucket", "endpoint": "http://oss:8080", "region": "r"},
             "cache": {"sizeBytes": "10"},
             "metadataCache": {"attributeTimeout": "1s", "listTimeout": "2s"},
             "mounts": [{"path": "a/b", "readOnly": true,
               "source": {"bucket": "other", "directory": "d", "endpoint": "http://far", "region": "s"},
               "metadataCache": {"listTimeout": "9s"}}]}
            """);

    assertThat(settings.mounts())
        .containsExactly(
            new NestedMount(
                "a/b",
                new Source("other", "d", URI.create("http://far"), "s", false, Optional.empty()),
                true,
                new MetadataCache(
                    Duration.ofSeconds(1), Duration.ofSeconds(9), Duration.ofSeconds(5))));
  }

  @Test
  void wrong_paths_of_nested_mounts_are_told() {
    for (String path : List.of("", "/a", "a/", "a//b", "a/../b", "%oss%x", "x".repeat(256))) {
      assertThatThrownBy(() -> parse(nested(path)))
          .as(path)
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("mounts[0].path");
    }
    assertThatThrownBy(() -> parse(nested("a", "b", "a"))).hasMessageContaining("twice: a");
  }

  private static String nested(String... paths) {
    String source = "{\"bucket\": \"bucket\", \"endpoint\": \"http://oss\", \"region\": \"r\"}";
    String mounts =
        Arrays.stream(paths)
            .map(path -> "{\"path\": \"%s\", \"source\": %s}".formatted(path, source))
            .collect(Collectors.joining(","));
    return "{\"source\": %s, \"cache\": {\"sizeBytes\": \"10\"}, \"mounts\": [%s]}"
        .formatted(source, mounts);
  }

  @Test
  void everything_that_is_said_is_read() throws Exception {
    MountSettings settings =
        parse(
            """
            {"namespace": "ml", "name": "data", "uid": "u-1", "readOnly": true,
             "source": {"bucket": "my-bucket", "directory": "a/b", "region": "cn-shanghai",
               "endpoint": "https://oss-cn-shanghai.aliyuncs.com", "addressingStyle": "PATH",
               "credentials": {"accessKeyId": "id", "accessKeySecret": "s", "securityToken": "t"}},
             "files": {"uid": 1, "gid": 2, "fileMode": 384, "directoryMode": 448},
             "metadataCache": {"attributeTimeout": "1s", "listTimeout": "2s",
               "negativeTimeout": "0s"},
             "cache": {"sizeBytes": "1099511627776", "keepFreeBytes": "5", "readAheadBytes": "7",
               "readMode": "READ_MODE_NONE"},
             "write": {"mode": "WRITE_MODE_ASYNC", "partSizeBytes": "1048576",
               "stagingSizeBytes": "9"},
             "timeouts": {"connect": "0.5s", "operation": "90s"}, "reset": "2026-11-25 a",
             "later": {"unknown": 1}}
            """);

    assertThat(settings)
        .isEqualTo(
            new MountSettings(
                new MountName("ml", "data", "u-1"),
                new Source(
                    "my-bucket",
                    "a/b",
                    URI.create("https://oss-cn-shanghai.aliyuncs.com"),
                    "cn-shanghai",
                    true,
                    Optional.of(new Credentials("id", "s", Optional.of("t")))),
                true,
                new Files(1, 2, 0600, 0700),
                new MetadataCache(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ZERO),
                new Cache(1L << 40, 5, 7, ReadMode.NONE),
                new Timeouts(Duration.ofMillis(500), Duration.ofSeconds(90)),
                new Write(WriteMode.ASYNC, 1 << 20, 9),
                "2026-11-25 a"));
    assertThat(settings.source().prefix()).isEqualTo("a/b/");
  }

  @Test
  void what_is_not_said_has_the_defaults_of_an_ossmount() throws Exception {
    MountSettings settings = parse(LEAST);

    assertThat(settings.files()).isEqualTo(new Files(0, 0, 0644, 0755));
    assertThat(settings.metadataCache().listTimeout()).isEqualTo(Duration.ofSeconds(60));
    assertThat(settings.timeouts().operation()).isEqualTo(Duration.ofMinutes(2));
    assertThat(settings.cache().readMode()).isEqualTo(ReadMode.CACHE);
    assertThat(settings.write()).isEqualTo(new Write(WriteMode.THROUGH, 16 << 20, 50L << 30));
    assertThat(settings.source().credentials()).isEmpty();
    assertThat(settings.source().pathStyle()).isFalse();
    assertThat(settings.source().prefix()).isEmpty();
  }

  @Test
  void all_problems_are_told_at_once() {
    InvalidConfigurationException refused =
        refused(
            """
            {"source": {"bucket": "My_Bucket", "directory": "a/../b", "endpoint": "oss:80/x"},
             "files": {"fileMode": 4095, "directoryMode": 512},
             "metadataCache": {"listTimeout": "-1s"}, "timeouts": {"connect": "0s"},
             "cache": {"keepFreeBytes": "-1"}, "reset": "a\\tb"}
            """);

    assertThat(refused.problems())
        .extracting(problem -> problem.substring(0, problem.indexOf(' ')))
        .containsExactly(
            "source.bucket",
            "source.directory",
            "source.region",
            "source.endpoint",
            "files.fileMode",
            "files.directoryMode",
            "metadataCache.listTimeout",
            "cache.sizeBytes",
            "cache.keepFreeBytes",
            "timeouts.connect",
            "reset");
  }

  @Test
  void what_is_not_json_is_told_with_its_place_and_without_its_text() {
    InvalidConfigurationException refused =
        refused("{\"source\": {\"credentials\": {\"accessKeySecret\": topsecret \"}}}");

    assertThat(refused).hasMessageContaining("line 1 column").hasMessageNotContaining("topsecret");
    assertThat(refused("{\"cache\": {\"sizeBytes\": \"topsecret\"}}"))
        .hasMessageNotContaining("topsecret");
  }

  @Test
  void a_printed_configuration_has_no_secret() throws Exception {
    String json =
        LEAST.replace(
            "\"region\"",
            "\"credentials\": {\"accessKeyId\": \"idid\","
                + " \"accessKeySecret\": \"topsecret\"}, \"region\"");

    assertThat(parse(json).toString()).doesNotContain("idid").doesNotContain("topsecret");
  }

  private static MountSettings parse(String json) throws InvalidConfigurationException {
    return MountJson.parse(json.getBytes(UTF_8));
  }

  private static InvalidConfigurationException refused(String json) {
    return catchThrowableOfType(InvalidConfigurationException.class, () -> parse(json));
  }
}
