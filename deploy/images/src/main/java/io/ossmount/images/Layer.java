package io.ossmount.images;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A layer in the making. Everything in it belongs to root and has one time, so that equal files are
 * an equal layer.
 */
final class Layer {
  static final Instant TIME = Instant.parse("2026-11-01T00:00:00Z");

  private final FileEntriesLayer.Builder entries;

  Layer(String name) {
    entries = FileEntriesLayer.builder().setName(name);
  }

  void add(Path file, String path) {
    add(file, path, "644");
  }

  void addExecutable(Path file, String path) {
    add(file, path, "755");
  }

  /** An empty directory that everyone may write to. */
  void addWritableDirectory(Path empty, String path) {
    add(empty, path, "777");
  }

  private void add(Path file, String path, String permissions) {
    entries.addEntry(
        file,
        AbsoluteUnixPath.get(path),
        FilePermissions.fromOctalString(permissions),
        TIME,
        "0:0");
  }

  FileEntriesLayer build() {
    return entries.build();
  }
}
