package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

final class ConflictNameTest {
  private static final Instant TIME = Instant.parse("2026-11-25T22:05:09.123Z");

  @Test
  void itStandsBesideTheFileAndSaysWhoseItIs() {
    assertThat(ConflictName.of("a/b/report.csv", "gpu-1", TIME))
        .isEqualTo("a/b/report.csv.conflict-gpu-1-20261125T220509.123Z");
  }

  @Test
  void aMachineMayHaveNoNameOrAStrangeOne() {
    assertThat(ConflictName.of("f", "", TIME)).isEqualTo("f.conflict-20261125T220509.123Z");
    assertThat(ConflictName.of("f", "a/b c", TIME))
        .isEqualTo("f.conflict-a-b-c-20261125T220509.123Z");
  }

  @Property(tries = 300)
  void itIsAKeyInTheSameDirectoryThatOssTakes(
      @ForAll @NotEmpty @StringLength(max = 400) String name,
      @ForAll @StringLength(max = 300) String node) {
    String segment = name.replace("/", "_").replaceAll("[\\ud800-\\udfff]", "s");
    String key = ConflictName.of("dir/" + segment, node, TIME);
    assertThat(Keys.parent(key)).isEqualTo("dir/");
    assertThat(Keys.bytes(Keys.segment(key))).isLessThanOrEqualTo(Names.MAX_BYTES);
    assertThat(key).endsWith("20261125T220509.123Z").contains(".conflict-");
  }
}
