package io.ossmount.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SectionTest {
  private final Section section = new Section("Faults");

  @Test
  void a_section_is_replaced_and_the_others_stay() {
    var document =
        "# Title\n\n## One\n\na\n\n## Faults\n\nold\n\n### Below\n\nold\n\n## Two\n\nb\n";

    assertThat(section.in(document, "new\n"))
        .isEqualTo("# Title\n\n## One\n\na\n\n## Faults\n\nnew\n\n## Two\n\nb\n");
  }

  @Test
  void a_section_that_is_not_there_comes_last() {
    assertThat(section.in("# Title\n", "new")).isEqualTo("# Title\n\n## Faults\n\nnew\n");
    assertThat(section.in("", "new")).isEqualTo("## Faults\n\nnew\n");
  }

  @Test
  void writing_twice_is_writing_once() {
    var once = section.in("# Title\n\n## Faults\n\nold\n", "new");

    assertThat(section.in(once, "new")).isEqualTo(once);
  }
}
