package io.ossmount.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * An image that the build has just written, as a container runtime lays it out.
 *
 * @param root what the container sees as its root
 */
record UnpackedImage(Product product, Path root) {
  private static final Path ARCHIVES = Path.of(System.getProperty("ossmount.images"));

  /** Unpacks it into {@code directory}. */
  static UnpackedImage of(Product product, Path directory) throws Exception {
    var archive = ARCHIVES.resolve(product.imageName() + ".tar").toString();
    Command.run(List.of("tar", "-xf", archive, "-C", directory.toString()));
    var root = Files.createDirectory(directory.resolve("root"));
    try (var layers = Files.newDirectoryStream(directory, "*.tar.gz")) {
      for (var layer : layers) {
        var options =
            List.of(
                "tar",
                "--warning=no-unknown-keyword",
                "-xpzf",
                layer.toString(),
                "-C",
                root.toString());
        Command.run(options);
      }
    }
    return new UnpackedImage(product, root);
  }

  /**
   * What starts the product without another root: the options of the image, with the paths that its
   * files have here.
   *
   * @param more options of the JVM
   */
  List<String> command(Path temporary, List<String> more) throws Exception {
    var options = Files.readString(at("/opt/ossmount/java.options"));
    var here =
        options
            .replace("/opt/ossmount", at("/opt/ossmount").toString())
            .replace("/var/lib/ossmount/tmp", temporary.toString());
    var file = Files.writeString(temporary.resolve("java.options"), here);
    var command = new ArrayList<String>();
    command.add(at(Foundation.JAVA_HOME + "/bin/java").toString());
    command.add("@" + file);
    command.addAll(more);
    command.add(product.mainClass());
    return command;
  }

  /** What starts the supervisor without another root; it starts the command. */
  List<String> supervised(List<String> server) throws IOException {
    var first = new ArrayList<String>();
    for (var word : entryPoint().subList(0, entryPoint().indexOf(Supervision.MAIN_CLASS) + 1)) {
      first.add(word.replace(Foundation.JAVA_HOME, at(Foundation.JAVA_HOME).toString()));
    }
    var options = at(first.get(1).substring(1));
    var here = root.resolveSibling("supervisor.options");
    var home = at("/opt/ossmount").toString();
    Files.writeString(here, Files.readString(options).replace("/opt/ossmount", home));
    first.set(1, "@" + here);
    first.addAll(server);
    return first;
  }

  /** What a container of it runs, before the pod's arguments. */
  List<String> entryPoint() throws IOException {
    return strings("Entrypoint");
  }

  /** Of a container of it, {@code NAME=VALUE}. */
  List<String> environment() throws IOException {
    return strings("Env");
  }

  private List<String> strings(String key) throws IOException {
    var configuration = Files.readString(root.resolveSibling("config.json"));
    var list = Pattern.compile("\"" + key + "\":\\[\"(.*?)\"]").matcher(configuration);
    if (!list.find()) {
      throw new IOException("no " + key + " in " + configuration);
    }
    return List.of(list.group(1).split("\",\""));
  }

  /** A file of the image. */
  Path at(String path) {
    return root.resolve(path.substring(1));
  }
}
