package io.ossmount.emulator.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Records in files, replaced atomically. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String UNFINISHED = ".new";

  private Json() {}

  static void write(Path file, Object value) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
    Files.write(unfinished, MAPPER.writeValueAsBytes(value));
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static <T> T read(Path file, Class<T> type) throws IOException {
    return MAPPER.readValue(Files.readAllBytes(file), type);
  }

  static boolean isFinished(Path file) {
    return !file.toString().endsWith(UNFINISHED);
  }
}
