package io.ossmount.emulator.protocol;

import io.ossmount.emulator.http.HttpResponse;
import io.ossmount.emulator.http.ResponseBody;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** Writes an XML document of elements and text. */
final class XmlWriter {
  private final StringBuilder text =
      new StringBuilder(1024).append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  private final Deque<String> open = new ArrayDeque<>();

  /** With its root element. */
  XmlWriter(String root) {
    open(root);
  }

  XmlWriter open(String element) {
    open.push(element);
    text.append('<').append(element).append('>');
    return this;
  }

  XmlWriter close() {
    text.append("</").append(open.pop()).append('>');
    return this;
  }

  XmlWriter element(String name, Object content) {
    text.append('<').append(name).append('>');
    escape(content.toString());
    text.append("</").append(name).append('>');
    return this;
  }

  XmlWriter text(String content) {
    escape(content);
    return this;
  }

  private void escape(String content) {
    for (int i = 0; i < content.length(); i++) {
      char c = content.charAt(i);
      switch (c) {
        case '&' -> text.append("&amp;");
        case '<' -> text.append("&lt;");
        case '>' -> text.append("&gt;");
        case '"' -> text.append("&quot;");
        default -> {
          if (c < ' ') {
            text.append("&#").append((int) c).append(';');
          } else {
            text.append(c);
          }
        }
      }
    }
  }

  byte[] bytes() {
    while (!open.isEmpty()) {
      close();
    }
    return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  /** An answer with this document. */
  HttpResponse answer(int status) {
    return new HttpResponse(
        status, Map.of("Content-Type", "application/xml"), ResponseBody.of(bytes()));
  }
}
