package io.ossmount.images;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where images go: into archives that {@code ctr images import} and {@code docker load} read, or to
 * a registry, with the credentials of the user's Docker configuration.
 *
 * @param registry first part of the names, such as {@code registry.example.com/ossmount}
 * @param directory takes archives, and what was made of layers before
 */
record Destination(String registry, String version, boolean push, Path directory) {
  private static final Pattern LOCAL = Pattern.compile("(localhost|127\\.0\\.0\\.1)(:\\d+)?(/.*)?");

  String name(Product product) {
    return "%s/%s:%s".formatted(registry, product.imageName(), version);
  }

  /**
   * Writes the image unless the same is there already.
   *
   * @return what was done, for people
   */
  String write(Image image) throws Exception {
    return push ? toRegistry(image) : toArchive(image);
  }

  private String toRegistry(Image image) throws Exception {
    var reference = ImageReference.parse(name(image.product()));
    var credentials = CredentialRetrieverFactory.forImage(reference, _ -> {});
    var target = RegistryImage.named(reference).addCredentialRetriever(credentials.dockerConfig());
    var container =
        image
            .container(version)
            .containerize(
                withCaches(Containerizer.to(target)).setAllowInsecureRegistries(isOnThisMachine()));
    return "pushed, " + container.getDigest();
  }

  /** As Docker does: a registry of one's own machine needs no TLS, or no certificate. */
  private boolean isOnThisMachine() {
    return LOCAL.matcher(registry).matches();
  }

  private String toArchive(Image image) throws Exception {
    var name = name(image.product());
    var archive = directory.resolve(image.product().imageName() + ".tar");
    var stamp = directory.resolve(image.product().imageName() + ".inputs");
    var inputs = Digest.of(List.of(name, image.digest()));
    if (Files.exists(archive) && Files.exists(stamp) && Files.readString(stamp).equals(inputs)) {
      return "unchanged";
    }
    Files.deleteIfExists(stamp);
    var target = TarImage.at(archive).named(name);
    image
        .container(version)
        .containerize(withCaches(Containerizer.to(target)).setOfflineMode(true));
    Files.writeString(stamp, inputs);
    return archive + ", %d MiB".formatted(Files.size(archive) >> 20);
  }

  private Containerizer withCaches(Containerizer containerizer) {
    var caches = directory.resolve("layers");
    return containerizer
        .setToolName("ossmount")
        .setBaseImageLayersCache(caches)
        .setApplicationLayersCache(caches);
  }
}
