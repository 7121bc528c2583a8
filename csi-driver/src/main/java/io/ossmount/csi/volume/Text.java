package io.ossmount.csi.volume;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ossmount.csi.volume.VolumeException.InvalidRequest;
import java.util.regex.Pattern;

/** Checks of strings that come from outside. */
final class Text {
  /** Most bytes of a field, unless the CSI spec says otherwise of it. */
  static final int FIELD_BYTES = 128;

  private static final Pattern DNS_NAME =
      Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)*");
  private static final Pattern UID = Pattern.compile("[A-Za-z0-9-]{1,63}");
  private static final int SHOWN = 64;

  private Text() {}

  static int bytes(String text) {
    return text.getBytes(UTF_8).length;
  }

  static boolean hasControlCharacters(String text) {
    return text.codePoints().anyMatch(Character::isISOControl);
  }

  /** Whether Kubernetes would take it as the name of an object. */
  static boolean isDnsName(String text) {
    return text.length() <= 253 && DNS_NAME.matcher(text).matches();
  }

  /** A name of a Kubernetes object, as {@code what} says. */
  static String dnsName(String what, String text) {
    if (!isDnsName(text)) {
      throw new InvalidRequest(
          what + " is " + quoted(text) + ", which is not the name of a Kubernetes object");
    }
    return text;
  }

  /** A UID of a Kubernetes object, safe as a file name. */
  static String uid(String what, String text) {
    if (!UID.matcher(text).matches()) {
      throw new InvalidRequest(what + " is " + quoted(text) + ", which is not a UID");
    }
    return text;
  }

  /** The text for a message: short, and on one line whatever it holds. */
  static String quoted(String text) {
    var shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
    var line = new StringBuilder("\"");
    shown.codePoints().forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? '\uFFFD' : c));
    return line.append('"').toString();
  }
}
