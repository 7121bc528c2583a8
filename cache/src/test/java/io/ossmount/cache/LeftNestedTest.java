package io.ossmount.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.fs.PendingWrites;
import io.ossmount.cache.write.StagedFile;
import io.ossmount.cache.write.StagingArea;
import io.ossmount.cache.write.StagingBudget;
import io.ossmount.cache.write.StagingSurvey;
import io.ossmount.cache.write.StagingTarget;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was written below nested mounts that are gone is counted. */
final class LeftNestedTest {
  private static final StagingTarget TARGET = new StagingTarget("bucket", "dir/", "raw/2024");
  private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path directory;

  private StagingArea area(String name) {
    return StagingArea.open(directory.resolve(name), new StagingBudget(1 << 20), TARGET);
  }

  private static StagedFile write(StagingArea area, String key, String text) {
    StagedFile file = area.create(key, Optional.empty());
    file.write(0, MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)));
    return file;
  }

  /** Four files of which one is promised, one closed, one open and one uploaded. */
  private Path left(String name) throws IOException {
    StagingArea area = area(name);
    StagedFile promised = write(area, "dir/promised", "hello");
    assertThat(promised.promise()).isTrue();
    Files.setLastModifiedTime(promised.path(), FileTime.from(THEN));
    write(area, "dir/closed", "closed").closed();
    write(area, "dir/open", "open");
    StagedFile uploaded = write(area, "dir/uploaded", "uploaded");
    assertThat(uploaded.promise()).isTrue();
    uploaded.discard();
    return directory.resolve(name);
  }

  @Test
  void whatIsLeftIsToldAndLeftAsItIs() throws IOException {
    Path left = left("one");
    assertThat(StagingSurvey.of(left))
        .isEqualTo(new StagingSurvey(Optional.of(TARGET), 2, 1, 5, Optional.of(THEN)));
    assertThat(area("one").orphans()).hasSize(3);
    assertThat(StagingSurvey.of(directory.resolve("none")).files()).isZero();
  }

  @Test
  void whatIsPromisedIsPendingUntilTheMountIsThereAgainOrItsDirectoryIsRemoved()
      throws IOException {
    Path one = left("one");
    Path two = left("two");
    LeftNested nested = new LeftNested(directory);
    assertThat(nested.pending()).isEqualTo(PendingWrites.NONE);

    nested.look(Set.of());
    assertThat(nested.pending().objects()).isEqualTo(2);
    assertThat(nested.pending().bytes()).isEqualTo(10);
    assertThat(nested.pending().oldest()).contains(THEN);

    nested.look(Set.of(two));
    assertThat(nested.pending().objects()).isEqualTo(1);

    // Somebody takes the files away.
    try (Stream<Path> files = Files.list(one)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
    nested.look(Set.of(two));
    assertThat(nested.pending()).isEqualTo(PendingWrites.NONE);
  }

  @Test
  void withoutAnyNestedMountThereIsNothing() {
    LeftNested nested = new LeftNested(directory.resolve("nested"));
    nested.look(Set.of());
    assertThat(nested.pending()).isEqualTo(PendingWrites.NONE);
  }
}
