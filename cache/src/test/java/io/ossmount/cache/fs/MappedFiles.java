package io.ossmount.cache.fs;

import io.ossmount.cache.fs.ObjectHistory.Version;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Mappings of files, in a process of their own: a page fault that this process serves may not be
 * one of its own threads', which would keep the others from the garbage collector. A fault that
 * fails is SIGBUS, which ends the process. Not thread-safe.
 */
final class MappedFiles implements AutoCloseable {
  private static final String PROGRAM =
      """
      import hashlib, mmap, os, sys
      maps = []
      for line in sys.stdin:
          word, *rest = line.rstrip('\\n').split('\\t')
          if word == 'map':
              fd = os.open(rest[0], os.O_RDONLY)
              size = os.fstat(fd).st_size
              maps.append(mmap.mmap(fd, 0, prot=mmap.PROT_READ) if size else b'')
              os.close(fd)
              print(size, flush=True)
          else:
              at, length = int(rest[1]), int(rest[2])
              print(hashlib.sha256(maps[int(rest[0])][at:at + length]).hexdigest(), flush=True)
      """;
  private static final int MOST = 6;

  private final List<Mapping> mappings = new ArrayList<>();
  private @Nullable Process process;

  private record Mapping(String key, List<Version> choices, int size) {}

  /** Maps the file of an object. */
  void map(Path root, ObjectHistory object) throws IOException {
    if (mappings.size() == MOST) {
      close();
    }
    long start = System.nanoTime();
    String size = say("map\t" + root.resolve(object.key()));
    if (size == null) {
      throw new AssertionError(object.key() + " cannot be mapped");
    }
    List<Version> choices = object.choices(start);
    int bytes = Integer.parseInt(size);
    choices.removeIf(version -> version.bytes().length != bytes);
    require(object.key(), choices, bytes + " bytes are mapped");
    mappings.add(new Mapping(object.key(), choices, bytes));
  }

  /** Looks at a part of one of them. */
  void look(Random random) throws IOException {
    if (mappings.isEmpty()) {
      return;
    }
    int index = random.nextInt(mappings.size());
    Mapping mapping = mappings.get(index);
    int offset = random.nextInt(mapping.size + 1);
    int length = random.nextInt(random.nextBoolean() ? 10_000 : mapping.size + 1);
    String digest = say("look\t%d\t%d\t%d".formatted(index, offset, length));
    if (digest == null) {
      List<Version> gone = mapping.choices.stream().filter(Version::isLeaving).toList();
      require(mapping.key, gone, "SIGBUS at " + offset);
      return;
    }
    mapping.choices.removeIf(version -> !digest.equals(digest(version, offset, length)));
    require(mapping.key, mapping.choices, "%d mapped bytes at %d".formatted(length, offset));
  }

  private static void require(String key, List<Version> choices, String what) {
    if (choices.isEmpty()) {
      throw new AssertionError(key + ": " + what + " of no version that it may be");
    }
  }

  private static String digest(Version version, int offset, int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      int size = version.bytes().length;
      digest.update(version.bytes(), offset, Math.min(length, size - offset));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** What the process answers; null: it was killed by the question, and all mappings with it. */
  private @Nullable String say(String line) throws IOException {
    if (process == null) {
      process =
          new ProcessBuilder("python3", "-c", PROGRAM)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    }
    Process asked = Objects.requireNonNull(process);
    Writer to = asked.outputWriter(StandardCharsets.UTF_8);
    to.write(line + "\n");
    to.flush();
    BufferedReader from = asked.inputReader(StandardCharsets.UTF_8);
    String answer = from.readLine();
    if (answer == null) {
      mappings.clear();
      process = null;
    }
    return answer;
  }

  /** Unmaps all. */
  @Override
  public void close() throws IOException {
    Process asked = process;
    process = null;
    mappings.clear();
    if (asked != null) {
      asked.outputWriter(StandardCharsets.UTF_8).close();
      try {
        if (!asked.waitFor(30, TimeUnit.SECONDS)) {
          asked.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
