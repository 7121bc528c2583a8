package io.ossmount.emulator.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.emulator.api.OssException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class XmlProperties {
  @Property
  void whatIsWrittenIsRead(@ForAll String text) {
    if (StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      byte[] document = new XmlWriter("Delete").open("Object").element("Key", text).close().bytes();
      XmlElement root = XmlElement.parse(new String(document, StandardCharsets.UTF_8));
      assertThat(root.name()).isEqualTo("Delete");
      assertThat(root.children("Object").getFirst().text("Key")).contains(text);
    }
  }

  @Example
  void declarationsCommentsAttributesAndEmptyElementsAreUnderstood() {
    XmlElement root =
        XmlElement.parse(
            "<?xml version=\"1.0\"?>\n<!-- <x> -->\n<a xmlns=\"urn:x\"><b/><c>&#x41;&amp;</c></a>");
    assertThat(root.text("b")).contains("");
    assertThat(root.text("c")).contains("A&");
    assertThat(root.text("d")).isEmpty();
  }

  @Example
  void whatIsNoXmlIsRefused() {
    for (String wrong :
        new String[] {"", "x", "<a>", "<a></b>", "</a>", "<a></a><b></b>", "<a>&nbsp;</a>"}) {
      assertThatThrownBy(() -> XmlElement.parse(wrong)).as(wrong).isInstanceOf(OssException.class);
    }
    assertThatThrownBy(() -> XmlElement.parse("<a>".repeat(100) + "</a>".repeat(100)))
        .isInstanceOf(OssException.class);
  }
}
