package io.ossmount.images;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Builds the images. Called by the build of this module; runs in the build's own JVM, so a failure
 * is an exception and never an exit.
 */
@Command(name = "images", sortOptions = false)
public final class ImagesMain {
  @Option(names = "--root", required = true, description = "the project's directory")
  private Path root;

  @Option(
      names = "--output",
      required = true,
      description = "where archives and intermediate files go")
  private Path output;

  @Option(names = "--registry", required = true, description = "first part of the image names")
  private String registry;

  @Option(names = "--version", required = true, description = "the images' tag")
  private String version;

  @Option(
      names = "--push",
      arity = "1",
      description = "push to the registry instead of writing archives")
  private boolean push;

  @Parameters(arity = "1..*", description = "the modules whose images are built")
  private List<String> modules;

  private ImagesMain() {}

  public static void main(String[] arguments) throws Exception {
    var images = new ImagesMain();
    new CommandLine(images).parseArgs(arguments);
    images.build();
  }

  private void build() throws Exception {
    var runtime = JavaRuntime.in(output.resolve("runtime"));
    var foundation = Foundation.of(runtime, output.resolve("foundation"));
    var destination = new Destination(registry, version, push, output);
    for (var module : modules) {
      var product = Product.ofModule(module);
      var image = Image.of(product, foundation, ClassPath.read(root, product, version), output);
      if (product == Product.CACHE) {
        var emulator = ClassPath.read(root, Product.OSS_EMULATOR, version);
        var training = new Training(runtime, image, emulator, output.resolve("aot"));
        image = image.with(training.learned());
      }
      System.out.println(destination.name(product) + ": " + destination.write(image));
    }
  }
}
