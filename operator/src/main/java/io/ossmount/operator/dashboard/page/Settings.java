package io.ossmount.operator.dashboard.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A configuration as lines, in the order in which it is written. Secrets have no place in an
 * OssMount; what is called like one is left out all the same. Pure.
 */
final class Settings {
  private static final int MOST = 500;
  private static final String LEFT_OUT = "(left out)";
  private static final Pattern SECRET = Pattern.compile("secret|token|password|accesskey");

  /** What is called like a secret and is the name of one. */
  private static final Pattern REFERENCE = Pattern.compile(".*(ref|secrets)$");

  private Settings() {}

  /** A value and where it stands, such as {@code cache.size}. */
  record Setting(String path, String value) {}

  static List<Setting> of(JsonNode tree) {
    var settings = new ArrayList<Setting>();
    collect("", tree, settings);
    return settings;
  }

  private static void collect(String path, JsonNode node, List<Setting> into) {
    if (into.size() >= MOST) {
      return;
    }
    if (node.isObject() && !node.isEmpty()) {
      for (var field : node.properties()) {
        var name = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
        if (isSecret(field.getKey())) {
          into.add(new Setting(name, LEFT_OUT));
        } else {
          collect(name, field.getValue(), into);
        }
      }
    } else if (node.isArray() && !node.isEmpty()) {
      for (int i = 0; i < node.size(); i++) {
        collect(path + "[" + i + "]", node.get(i), into);
      }
    } else if (!node.isNull() && !node.isContainerNode()) {
      into.add(new Setting(path, node.asText()));
    }
  }

  private static boolean isSecret(String name) {
    var plain = name.toLowerCase(Locale.ROOT);
    return SECRET.matcher(plain).find() && !REFERENCE.matcher(plain).matches();
  }
}
