package io.ossmount.cache.supervise;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The classes that a server needs to handle requests, as a training run has initialized them. A
 * spare initializes them while it waits; the JVM then compiles what it has learned of them in that
 * run, if it has an AOT cache and is told to ({@code -XX:+AOTCompileEagerly}). A server that
 * interprets has no processor left just when everyone asks.
 *
 * @param names in the order of the training run
 */
record WarmClasses(List<String> names) {
  private static final Logger log = LoggerFactory.getLogger(WarmClasses.class);

  /** The system property that names the file: one class a line. */
  private static final String FILE = "ossmount.warm-classes";

  /** After each: applications need the processors, and some seconds are soon enough. */
  private static final int PAUSE_MILLIS = 1;

  /** Whether somebody has called meanwhile. */
  interface Call {
    boolean hasCome() throws IOException;
  }

  /** Those that the image has; none if it has no such file. */
  static WarmClasses ofThisImage() {
    String file = System.getProperty(FILE, "");
    if (file.isEmpty()) {
      return new WarmClasses(List.of());
    }
    try {
      return new WarmClasses(Files.readAllLines(Path.of(file)));
    } catch (IOException e) {
      log.warn("no classes are initialized in advance: {}", e.toString());
      return new WarmClasses(List.of());
    }
  }

  /**
   * Initializes one after the other. One that is not there is left out.
   *
   * @throws LinkageError an initializer has failed: this JVM can never use that class
   */
  void initializeUntil(Call call) throws IOException {
    for (String name : names) {
      if (call.hasCome()) {
        return;
      }
      initialize(name);
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static void initialize(String name) {
    try {
      Class<?> _ = Class.forName(name, true, WarmClasses.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      log.debug("not initialized in advance: {}", name, e);
    }
  }
}
