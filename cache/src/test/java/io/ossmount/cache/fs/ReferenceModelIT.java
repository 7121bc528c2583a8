package io.ossmount.cache.fs;

import io.ossmount.fuse.server.LocalMount;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations through the kernel. Needs root and /dev/fuse. */
@Timeout(180)
final class ReferenceModelIT {
  private static final int OPERATIONS = 10_000;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(longs = {101, 102})
  void randomSystemCallsDoWhatTheModelDoes(long seed) throws IOException {
    try (KernelMount mounted = new KernelMount(directory)) {
      RandomOperations operations = new RandomOperations(seed, new KernelTarget(mounted.root));
      operations.run(OPERATIONS);
      operations.closeAll();
      operations.compare(new KernelTarget(mounted.root));
      try (LocalMount again = mounted.again()) {
        operations.compare(new KernelTarget(again.target()));
      }
    }
  }
}
