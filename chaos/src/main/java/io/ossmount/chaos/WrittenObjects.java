package io.ossmount.chaos;

import io.ossmount.chaos.scene.Emulator;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The part of the bucket where writers write.
 *
 * @param emulator that has the bucket
 */
record WrittenObjects(Emulator emulator) implements LostWrites.Bucket {
  /** Directories of the writers begin so. */
  private static final List<String> TOPS =
      List.of("written", "appended", "nameless", "renamed", "deleted", "unpacked");

  @Override
  public Set<String> keys() {
    var keys = new HashSet<String>();
    TOPS.forEach(top -> keys.addAll(emulator.objects(top).keySet()));
    return keys;
  }

  @Override
  public Optional<byte[]> read(String key) throws IOException {
    return emulator.read(key);
  }
}
