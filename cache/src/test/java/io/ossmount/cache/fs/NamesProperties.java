package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Every segment has a name, no two the same, and none leads out of its directory. */
final class NamesProperties {
  @Provide
  Arbitrary<String> segments() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            ".",
            "..",
            "%",
            "%oss",
            "%oss%",
            "%ossfile%",
            "%osslong%",
            "%2E",
            "%00",
            "\0",
            "a",
            "A",
            " ",
            "\n",
            "\u00e9",
            "\ud83d\ude00",
            "b".repeat(200),
            "\\");
    return Arbitraries.oneOf(
        pieces.list().ofMaxSize(6).map(list -> String.join("", list)),
        Arbitraries.strings()
            .all()
            .excludeChars('/')
            .ofMaxLength(300)
            .filter(text -> StandardCharsets.UTF_8.newEncoder().canEncode(text)));
  }

  @Property
  void aNameStaysInItsDirectory(@ForAll("segments") String segment) {
    for (String name : new String[] {Names.show(segment), Names.showShadowed(segment)}) {
      assertThat(name).isNotEmpty().isNotIn(".", "..").doesNotContain("/", "\0");
      assertThat(Keys.bytes(name)).isLessThanOrEqualTo(Names.MAX_BYTES);
    }
  }

  @Property
  void aNameLeadsBackToItsSegment(@ForAll("segments") String segment) {
    switch (Names.parse(Names.show(segment))) {
      case Names.Wanted.Plain(String back) -> assertThat(back).isEqualTo(segment);
      case Names.Wanted.Hashed(String head, boolean shadowed) -> {
        assertThat(segment).startsWith(head);
        assertThat(shadowed).isFalse();
      }
      case Names.Wanted other -> throw new AssertionError(segment + " is shown as " + other);
    }
    switch (Names.parse(Names.showShadowed(segment))) {
      case Names.Wanted.Shadowed(String back) -> assertThat(back).isEqualTo(segment);
      case Names.Wanted.Hashed(String head, boolean shadowed) -> {
        assertThat(segment).startsWith(head);
        assertThat(shadowed).isTrue();
      }
      case Names.Wanted other -> throw new AssertionError(segment + " is shown as " + other);
    }
  }

  @Property
  void noTwoSegmentsHaveTheSameName(
      @ForAll("segments") String one, @ForAll("segments") String other) {
    if (!one.equals(other)) {
      assertThat(Names.show(one)).isNotEqualTo(Names.show(other));
      assertThat(Names.showShadowed(one)).isNotEqualTo(Names.showShadowed(other));
    }
    assertThat(Names.show(one)).isNotEqualTo(Names.showShadowed(other));
  }

  @Property
  void aNameThatMeansASegmentIsTheOneThatItShows(@ForAll("segments") String name) {
    if (Names.parse(name) instanceof Names.Wanted.Plain(String segment)) {
      assertThat(Names.show(segment)).isEqualTo(name);
    }
  }
}
