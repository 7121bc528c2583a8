package io.ossmount.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeedIT {
  @TempDir private Path directory;
  private Path files;

  @BeforeEach
  void aDirectoryAsKubernetesMountsAConfigMap() throws IOException {
    files = Files.createDirectory(directory.resolve("seed"));
    Path version = Files.createDirectories(files.resolve("..2026_11_01/images"));
    Files.writeString(version.resolve("1.txt"), "one");
    Files.createSymbolicLink(files.resolve("..data"), Path.of("..2026_11_01"));
    Files.createSymbolicLink(files.resolve("images"), Path.of("..data/images"));
  }

  @Test
  void filesBecomeObjectsUnderTheirPaths() throws IOException {
    // given
    try (OssEmulator emulator = start()) {
      // when
      new Seed("bucket", files).plant(emulator.buckets());
      // then
      assertThat(emulator.buckets().get("bucket").objectCount()).isEqualTo(1);
      assertThat(emulator.buckets().get("bucket").find("images/1.txt")).isPresent();
    }
  }

  @Test
  void anObjectThatIsThereStaysAsItIs() throws IOException {
    // given
    try (OssEmulator emulator = start()) {
      new Seed("bucket", files).plant(emulator.buckets());
      Files.writeString(files.resolve("images/1.txt"), "changed");
      // when
      new Seed("bucket", files).plant(emulator.buckets());
      // then
      assertThat(emulator.buckets().get("bucket").find("images/1.txt").orElseThrow().size())
          .isEqualTo("one".length());
    }
  }

  @Test
  void whatIsNotBucketAndDirectoryIsRefused() {
    assertThatThrownBy(() -> Seed.parse("bucket")).hasMessage("not BUCKET=DIRECTORY: bucket");
  }

  private OssEmulator start() throws IOException {
    return OssEmulator.builder().directory(directory.resolve("data")).start();
  }
}
