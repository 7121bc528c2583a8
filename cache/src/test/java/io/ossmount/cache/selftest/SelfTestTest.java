package io.ossmount.cache.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ossmount.cache.selftest.Row.Result;
import io.ossmount.cache.store.Content;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreProbe;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelfTestTest {
  @Test
  void everyTestHasANameOfItsOwnAndThereAreNotTooManyForAStatus() {
    // given
    List<Pair> pairs =
        List.of("Cache_Through=/a", "Cache_Async=/b", "None_Through=/c", "None_Async=/d").stream()
            .map(Pair::parse)
            .toList();
    // when
    List<String> names = SelfTest.checks(subject(pairs)).stream().map(Check::name).toList();
    // then
    assertThat(names).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(100);
    assertThat(names).contains("Cache_Through/BasicFile", "None_Async/BasicFile", "Rights/List");
    assertThat(names).allSatisfy(name -> assertThat(name).hasSizeLessThanOrEqualTo(63));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Cache_Through", "cache_through=/mnt", "Cache_Back=/mnt", "None_Async=a"})
  void aMountIsWrittenWithItsModesAndAnAbsolutePath(String text) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> Pair.parse(text))
        .withMessageContaining("Cache_Through=/mnt/data");
  }

  @Test
  void aRowIsALineOfJsonWhateverItSays() {
    // given
    StringWriter text = new StringWriter();
    JsonLines lines = new JsonLines(new PrintWriter(text));
    // when
    lines.begins(1);
    lines.ended(new Row("a", Result.Failed, 12, "\"C:\\\"\n\u4e2d\ud83d\ude00"));
    lines.ends();
    // then
    assertThat(text.toString().lines())
        .containsExactly(
            "{\"ossmountTest\":\"plan\",\"total\":1}",
            "{\"ossmountTest\":\"row\",\"name\":\"a\",\"result\":\"Failed\",\"millis\":12,"
                + "\"message\":\"\\\"C:\\\\\\\"\\u000a\u4e2d\\ud83d\\ude00\"}",
            "{\"ossmountTest\":\"end\"}");
  }

  @Test
  void aMessageIsCut() {
    assertThat(new Row("a", Result.Failed, 0, "x".repeat(600)).message())
        .hasSize(Row.MAX_MESSAGE)
        .endsWith("...");
  }

  @Test
  void aFileThatIsNotThereIsToldInTheWordsOfTheSystem() {
    assertThat(Failures.words(new NoSuchFileException("/mnt/a")))
        .isEqualTo("/mnt/a: No such file or directory");
  }

  private static Subject subject(List<Pair> pairs) {
    return new Subject(
        new InMemoryObjectStore(),
        new NoProbe(),
        "",
        pairs,
        new Subject.Options(
            false,
            false,
            "0000abcd",
            Set.of(),
            Duration.ZERO,
            new Lateness(Duration.ZERO, Duration.ZERO)));
  }

  @Test
  void whereTestsWriteTheMountAndTheBucketMeanTheSame() {
    // given
    Pair pair = new Pair("Cache", "Through", Path.of("/mnt"));
    // when
    Subject subject = subject(List.of(pair));
    // then
    assertThat(subject.scratch(pair))
        .hasToString("/mnt/" + subject.scratchPrefix().replaceAll("/$", ""));
  }

  /** Of which nobody asks anything. */
  private static final class NoProbe implements StoreProbe {
    @Override
    public Duration clockDifference() {
      return Duration.ZERO;
    }

    @Override
    public boolean putNew(String key, Content content) {
      return true;
    }

    @Override
    public boolean isUnchanged(ObjectVersion version) {
      return true;
    }
  }
}
