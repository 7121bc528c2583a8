package io.ossmount.cache.fs;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Each test of a class has a {@link KernelMount} of its own. */
abstract class OnKernelMount {
  @TempDir Path directory;
  KernelMount mounted;
  Path root;
  private final KernelMount.Settings settings;

  OnKernelMount(KernelMount.Settings settings) {
    this.settings = settings;
  }

  OnKernelMount() {
    this(KernelMount.Settings.USUAL);
  }

  @BeforeEach
  void mount() throws IOException {
    mounted = new KernelMount(directory, settings);
    root = mounted.root;
  }

  @AfterEach
  void unmount() throws IOException {
    mounted.close();
  }
}
