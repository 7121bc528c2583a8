package io.ossmount.operator.dashboard.page;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Where the pages are. Pure; every part is percent-encoded here and nowhere else. */
public final class Links {
  /** The list of OssMounts. */
  public static final String HOME = "/";

  /** Where a token is given. */
  public static final String LOGIN = "/login";

  /** Where a session ends. */
  public static final String LOGOUT = "/logout";

  /** What comes before namespace and name of a mount. */
  public static final String MOUNTS = "mounts";

  /** What comes after them for the tree of its files. */
  public static final String FILES = "files";

  private Links() {}

  static String mount(String namespace, String name) {
    return "/" + MOUNTS + "/" + encode(namespace) + "/" + encode(name);
  }

  /** A page of a directory, as the cache pod of this node sees it. */
  static String files(String namespace, String name, String node, String path, String pageToken) {
    var link = mount(namespace, name) + "/" + FILES + "?node=" + encode(node);
    if (!path.isEmpty()) {
      link += "&path=" + encode(path);
    }
    return pageToken.isEmpty() ? link : link + "&page=" + encode(pageToken);
  }

  private static String encode(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
