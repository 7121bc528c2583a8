package io.ossmount.operator.dashboard.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class MarkupProperties {
  @Property
  void noTextBecomesMarkup(@ForAll String text) {
    // when
    var html = Markup.of("<p title=\"{}\">{}</p>", text, text).html();

    // then
    assertThat(html).startsWith("<p title=\"").endsWith("</p>");
    var inside = html.substring("<p title=\"".length(), html.length() - "</p>".length());
    var halves = inside.split("\">", -1);
    assertThat(halves).hasSize(2);
    assertThat(halves[0]).isEqualTo(halves[1]);
    assertThat(halves[0]).doesNotContain("<", ">", "\"", "'", "\0");
  }

  @Property
  void textIsReadAsItWas(@ForAll String text) {
    var read =
        Markup.text(text)
            .html()
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&amp;", "&");
    assertThat(read).hasSameSizeAs(text);
    for (int i = 0; i < text.length(); i++) {
      boolean isControl = Character.isISOControl(text.charAt(i));
      boolean isKept = text.charAt(i) == '\n' || text.charAt(i) == '\t';
      assertThat(read.charAt(i)).isEqualTo(isControl && !isKept ? '\uFFFD' : text.charAt(i));
    }
  }

  @Example
  void markupStaysMarkup() {
    var inner = Markup.of("<b>{}</b>", "a < b");
    assertThat(Markup.of("<p>{}</p>", inner).html()).isEqualTo("<p><b>a &lt; b</b></p>");
  }

  @Example
  void everyPlaceHasItsPart() {
    assertThatIllegalArgumentException().isThrownBy(() -> Markup.of("{} {}", "one"));
    assertThatIllegalArgumentException().isThrownBy(() -> Markup.of("{}", "one", "two"));
  }

  @Example
  void placesInPartsArePartsAsWell() {
    assertThat(Markup.of("{} {}", "{}", "two").html()).isEqualTo("{} two");
  }
}
