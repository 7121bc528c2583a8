package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class NamesTest {
  @Test
  void aSegmentIsItsOwnName() {
    assertThat(Names.show("100% of it.txt")).isEqualTo("100% of it.txt");
    assertThat(Names.parse("100% of it.txt")).isEqualTo(new Names.Wanted.Plain("100% of it.txt"));
  }

  @Test
  void dotsNulAndNothingAreEscaped() {
    assertThat(Names.show("..")).isEqualTo("%oss%%2E%2E");
    assertThat(Names.show(".")).isEqualTo("%oss%%2E");
    assertThat(Names.show("")).isEqualTo("%oss%");
    assertThat(Names.show("a\0b")).isEqualTo("%oss%a%00b");
  }

  @Test
  void whatLooksEscapedIsEscaped() {
    assertThat(Names.show("%oss%%2E")).isEqualTo("%oss%%25oss%25%252E");
  }

  @Test
  void anObjectBesideADirectoryHasANameOfItsOwn() {
    assertThat(Names.showShadowed("a.b")).isEqualTo("%ossfile%a.b");
    assertThat(Names.parse("%ossfile%a.b")).isEqualTo(new Names.Wanted.Shadowed("a.b"));
  }

  @Test
  void aLongSegmentShowsItsBeginning() {
    String segment = "x.y%".repeat(250);
    String name = Names.show(segment);
    assertThat(name).startsWith("%osslong%").contains("%x.y%25x.y%25");
    assertThat(name.length()).isBetween(250, 255);
    assertThat(Names.parse(name)).isInstanceOf(Names.Wanted.Hashed.class);
  }

  @Test
  void namesThatNothingHasMeanNothing() {
    for (String name : new String[] {"%oss", "%oss%a", "%oss%%2e", "%ossfile%%", "%osslong%1"}) {
      assertThat(Names.parse(name)).as(name).isInstanceOf(Names.Wanted.Nothing.class);
    }
  }
}
