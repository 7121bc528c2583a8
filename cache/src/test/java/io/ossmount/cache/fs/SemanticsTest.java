package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tests that docs/SEMANTICS.md names are there. */
final class SemanticsTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "SEMANTICS.md");
  private static final Pattern REFERENCE = Pattern.compile("`(\\w+)#(\\w+)`");

  private static Class<?> find(String name) throws ClassNotFoundException {
    try {
      return Class.forName("io.ossmount.cache.fs." + name);
    } catch (ClassNotFoundException elsewhere) {
      return Class.forName("io.ossmount.cache.block." + name);
    }
  }

  @Test
  void everyTestThatIsNamedIsThere() throws IOException, ClassNotFoundException {
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
