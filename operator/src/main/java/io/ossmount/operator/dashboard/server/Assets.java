package io.ossmount.operator.dashboard.server;

import io.ossmount.operator.dashboard.page.Layout;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Style, script and icon: the only files that pages need. */
final class Assets {
  private static final Map<String, String> TYPES =
      Map.of(
          "dashboard.css", "text/css; charset=utf-8",
          "dashboard.js", "text/javascript; charset=utf-8",
          "icon.svg", "image/svg+xml");

  private final Map<String, byte[]> files =
      TYPES.keySet().stream().collect(Collectors.toUnmodifiableMap(name -> name, Assets::read));

  Response answer(Request request, List<String> variables) {
    var name = variables.getFirst();
    var file = files.get(name);
    var type = TYPES.get(name);
    return file == null || type == null
        ? Response.html(
            Response.NOT_FOUND, Layout.problem("Not found", "There is no such file.", null))
        : new Response(Response.OK, type, file, Map.of());
  }

  private static byte[] read(String name) {
    try (InputStream file = Assets.class.getResourceAsStream("/dashboard/" + name)) {
      if (file == null) {
        throw new IllegalStateException("the program is without " + name);
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
