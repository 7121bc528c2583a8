package io.ossmount.cache;

import io.ossmount.cache.config.MountSettings.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An access key in a directory of files, one for each part, as a Secret is mounted. The names are
 * those that the operator knows in a Secret (its {@code observe.CredentialsLookup}); the first that
 * is there counts.
 */
final class CredentialFiles {
  private static final List<String> ID = List.of("accessKeyId", "fs.oss.accessKeyId", "akId");
  private static final List<String> SECRET =
      List.of("accessKeySecret", "fs.oss.accessKeySecret", "akSecret");
  private static final List<String> TOKEN = List.of("securityToken", "fs.oss.securityToken");

  private CredentialFiles() {}

  /** The access key; empty when its id or its secret is not there. */
  static Optional<Credentials> in(Path directory) throws IOException {
    Optional<String> id = read(directory, ID);
    Optional<String> secret = read(directory, SECRET);
    if (id.isEmpty() || secret.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Credentials(id.get(), secret.get(), read(directory, TOKEN)));
  }

  private static Optional<String> read(Path directory, List<String> names) throws IOException {
    for (String name : names) {
      Path file = directory.resolve(name);
      if (Files.isRegularFile(file)) {
        // An editor's or echo's newline at the end is never a part of a key.
        String text = Files.readString(file).strip();
        if (!text.isEmpty()) {
          return Optional.of(text);
        }
      }
    }
    return Optional.empty();
  }
}
