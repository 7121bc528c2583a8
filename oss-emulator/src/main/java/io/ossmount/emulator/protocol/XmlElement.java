package io.ossmount.emulator.protocol;

import io.ossmount.emulator.api.ErrorCode;
import io.ossmount.emulator.api.OssException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An element of a request's document. Not the JDK's parser: the SDK sends keys with control
 * characters as numeric references, which XML 1.0 forbids and OSS understands. Without document
 * types and entities there is nothing to expand.
 */
final class XmlElement {
  private static final int DEEPEST = 8;
  private static final Pattern TAG = Pattern.compile("<(/?)([A-Za-z][\\w:.-]*)[^<>]*?(/?)>");
  private static final Pattern REFERENCE = Pattern.compile("&(#x?[0-9A-Fa-f]{1,6}|[a-z]{2,4});");

  private final String name;
  private final List<XmlElement> children = new ArrayList<>();
  private String text = "";

  private XmlElement(String name) {
    this.name = name;
  }

  /**
   * Parses.
   *
   * @throws OssException MalformedXML
   */
  static XmlElement parse(String document) {
    XmlElement top = new XmlElement("");
    Deque<XmlElement> open = new ArrayDeque<>(List.of(top));
    Matcher tag = TAG.matcher(document.replaceAll("<\\?[^>]*\\?>|(?s:<!--.*?-->)", ""));
    StringBuilder scratch = new StringBuilder();
    while (tag.find()) {
      scratch.setLength(0);
      tag.appendReplacement(scratch, "");
      XmlElement current = open.getFirst();
      if (!tag.group(1).isEmpty()) {
        current.text = unescape(scratch.toString());
        check(open.size() > 1 && current.name.equals(tag.group(2)));
        open.pop();
      } else {
        XmlElement child = new XmlElement(tag.group(2));
        current.children.add(child);
        if (tag.group(3).isEmpty()) {
          open.push(child);
          check(open.size() <= DEEPEST);
        }
      }
    }
    check(open.size() == 1 && top.children.size() == 1);
    return top.children.getFirst();
  }

  private static void check(boolean isRight) {
    if (!isRight) {
      throw new OssException(ErrorCode.MALFORMED_XML);
    }
  }

  private static String unescape(String raw) {
    return REFERENCE
        .matcher(raw)
        .replaceAll(found -> Matcher.quoteReplacement(meant(found.group(1))));
  }

  private static String meant(String reference) {
    return switch (reference) {
      case "amp" -> "&";
      case "lt" -> "<";
      case "gt" -> ">";
      case "quot" -> "\"";
      case "apos" -> "'";
      default -> {
        check(reference.startsWith("#"));
        try {
          yield reference.startsWith("#x")
              ? Character.toString(Integer.parseInt(reference.substring(2), 16))
              : Character.toString(Integer.parseInt(reference.substring(1)));
        } catch (IllegalArgumentException e) {
          throw new OssException(ErrorCode.MALFORMED_XML);
        }
      }
    };
  }

  String name() {
    return name;
  }

  /** Its text, if it has no children. */
  String text() {
    return text;
  }

  List<XmlElement> children(String wanted) {
    return children.stream().filter(child -> child.name.equals(wanted)).toList();
  }

  Optional<String> text(String child) {
    return children(child).stream().findFirst().map(XmlElement::text);
  }
}
