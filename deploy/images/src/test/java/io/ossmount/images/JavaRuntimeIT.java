package io.ossmount.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Holds {@link JavaRuntime#MODULES} against what the jars of the images name; they have to be
 * packaged.
 */
class JavaRuntimeIT {
  private static final Pattern EDGE =
      Pattern.compile("-> ((?:java|jdk)\\.[a-z.]+)$", Pattern.MULTILINE);

  /**
   * Named by corners of libraries that nothing here reaches: annotation processing (Vert.x),
   * clipboards (activation), beans (commons-lang, dom4j).
   */
  private static final Set<String> UNUSED =
      Set.of("java.compiler", "java.datatransfer", "java.desktop");

  @ParameterizedTest
  @EnumSource
  void theRuntimeHasEveryModuleThatTheJarsName(Product product) throws Exception {
    // given
    var root = Path.of(System.getProperty("ossmount.root"));
    var classPath = ClassPath.read(root, product, System.getProperty("ossmount.version"));
    // when
    var named = new TreeSet<String>();
    for (var jar : classPath.all().toList()) {
      EDGE.matcher(jdeps(jar)).results().map(result -> result.group(1)).forEach(named::add);
    }
    named.removeAll(UNUSED);
    // then
    assertThat(JavaRuntime.MODULES).containsAll(named);
  }

  private static String jdeps(Path jar) {
    var output = new StringWriter();
    var writer = new PrintWriter(output);
    ToolProvider.findFirst("jdeps")
        .orElseThrow()
        .run(
            writer, writer, "--ignore-missing-deps", "--multi-release", "25", "-s", jar.toString());
    return output.toString();
  }
}
