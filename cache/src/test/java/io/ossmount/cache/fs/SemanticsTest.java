package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tests that docs/SEMANTICS.md names are there. */
final class SemanticsTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "SEMANTICS.md");
  private static final List<String> ROOMS = List.of("", "fs.", "block.", "write.");
  private static final Pattern REFERENCE = Pattern.compile("`(\\w+)#(\\w+)`");

  private static Class<?> find(String name) {
    return ROOMS.stream()
        .flatMap(room -> find(room, name).stream())
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is in none of " + ROOMS));
  }

  private static Optional<Class<?>> find(String room, String name) {
    try {
      return Optional.of(Class.forName("io.ossmount.cache." + room + name));
    } catch (ClassNotFoundException elsewhere) {
      return Optional.empty();
    }
  }

  @Test
  void everyTestThatIsNamedIsThere() throws IOException {
    var references = REFERENCE.matcher(Files.readString(DOCUMENT));
    int count = 0;
    while (references.find()) {
      Class<?> test = find(references.group(1));
      assertThat(Arrays.stream(test.getDeclaredMethods()))
          .as(references.group())
          .anyMatch(method -> method.getName().equals(references.group(2)));
      count++;
    }
    assertThat(count).isGreaterThan(50);
  }
}
