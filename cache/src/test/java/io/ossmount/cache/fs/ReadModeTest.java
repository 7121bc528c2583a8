package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.config.ReadMode;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Read mode None of one session, beside another that keeps what it reads. */
final class ReadModeTest {
  static final SessionView NONE =
      new SessionView(
          "",
          false,
          OptionalInt.empty(),
          OptionalInt.empty(),
          0,
          false,
          new Modes.Own(Optional.of(ReadMode.NONE), Optional.empty()));

  private final InMemoryObjectStore store = new InMemoryObjectStore();

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  @Test
  void whatIsReadIsNotKept() {
    store.with("f", bytes(100_000));
    try (Mounted mounted = new Mounted(store);
        Mounted session = mounted.session(NONE)) {
      assertThat(session.read("f")).isEqualTo(bytes(100_000));
      assertThat(session.read("f")).isEqualTo(bytes(100_000));
      assertThat(store.calls("get")).isEqualTo(2);
      assertThat(mounted.blocks.isHereOrInUse(store.head("f").orElseThrow().version())).isFalse();
      assertThat(mounted.read("f")).isEqualTo(bytes(100_000));
      assertThat(mounted.blocks.isHereOrInUse(store.head("f").orElseThrow().version())).isTrue();
      assertThat(mounted.blocks.ahead().takenBytes()).isZero();
    }
  }

  @Test
  void whatIsWrittenIsNotKeptEither() {
    try (Mounted mounted = new Mounted(store);
        Mounted session = mounted.session(NONE)) {
      session.write("f", bytes(1000));
      assertThat(mounted.blocks.isHereOrInUse(store.head("f").orElseThrow().version())).isFalse();
      assertThat(session.read("f")).isEqualTo(bytes(1000));
      mounted.write("g", bytes(1000));
      assertThat(mounted.blocks.isHereOrInUse(store.head("g").orElseThrow().version())).isTrue();
    }
  }

  @Test
  void aWriterReadsWhatItHasWritten() {
    store.with("f", bytes(1000));
    try (Mounted mounted = new Mounted(store);
        Mounted session = mounted.session(NONE);
        Mounted.Open file = session.open("f", io.ossmount.fuse.OpenFlags.READ_WRITE)) {
      file.write(10, "changed");
      byte[] expected = bytes(1000);
      System.arraycopy(
          "changed".getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, expected, 10, 7);
      assertThat(file.readAll()).isEqualTo(expected);
      file.flush();
      assertThat(store.bytes("f")).hasValue(expected);
    }
  }
}
