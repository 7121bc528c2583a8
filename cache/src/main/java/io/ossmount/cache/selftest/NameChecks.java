package io.ossmount.cache.selftest;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** Names, directories and attributes, which are the same in all modes: run on the first mount. */
final class NameChecks {
  private static final int ENTRIES = 200;
  private static final int WRITERS = 8;

  private final Subject subject;
  private final Pair pair;

  NameChecks(Subject subject) {
    this.subject = subject;
    this.pair = subject.pairs().getFirst();
  }

  List<Check> all() {
    return List.of(
        check("MakeDirectory", this::makeDirectory),
        check("RenameDirectory", this::renameDirectory),
        check("ListManyFiles", this::listManyFiles),
        check("Unlink", this::unlink),
        check("UnlinkWhileOpen", this::unlinkWhileOpen),
        check("SymbolicLink", this::symbolicLink),
        check("ExclusiveCreate", this::exclusiveCreate),
        check("Attributes", this::attributes),
        check("MappedRead", this::mappedRead));
  }

  private void makeDirectory() throws Exception {
    Path outer = directory("directories");
    Path inner = Files.createDirectory(outer.resolve("inner"));
    Check.that(Files.isDirectory(inner), "%s is no directory", inner);
    try {
      Files.delete(outer);
      throw new Check.CheckFailed(outer + ": a directory that is not empty was removed");
    } catch (DirectoryNotEmptyException expected) {
      // As it has to be.
    }
    Files.delete(inner);
    Check.that(Files.notExists(inner), "%s is there after it was removed", inner);
    Files.delete(outer);
  }

  private void renameDirectory() throws Exception {
    Path from = directory("from");
    for (int i = 0; i < 3; i++) {
      Files.write(from.resolve("file-" + i), RandomBytes.of(i, 1000));
    }
    Path to = from.resolveSibling("to");
    Files.move(from, to);
    Check.that(Files.notExists(from), "%s is there after it was renamed", from);
    for (int i = 0; i < 3; i++) {
      Path file = to.resolve("file-" + i);
      Check.that(
          Arrays.equals(Files.readAllBytes(file), RandomBytes.of(i, 1000)),
          "%s: other bytes than before its directory was renamed",
          file);
    }
  }

  private void listManyFiles() throws Exception {
    Path many = directory("many");
    List<String> names =
        IntStream.range(0, ENTRIES)
            .mapToObj(i -> String.format(Locale.ROOT, "entry-%03d", i))
            .toList();
    List<Callable<Path>> writers =
        names.stream()
            .<Callable<Path>>map(name -> () -> Files.write(many.resolve(name), new byte[] {1}))
            .toList();
    try (var threads = Executors.newFixedThreadPool(WRITERS)) {
      for (var writer : threads.invokeAll(writers)) {
        writer.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
    List<String> listed = new ArrayList<>();
    try (var entries = Files.newDirectoryStream(many)) {
      entries.forEach(entry -> listed.add(String.valueOf(entry.getFileName())));
    }
    Check.that(listed.size() == ENTRIES, "%d of %d files are listed", listed.size(), ENTRIES);
    listed.sort(null);
    Check.that(listed.equals(names), "%s lists other names than were made", many);
  }

  private void unlink() throws Exception {
    Path file = directory("unlink").resolve("file");
    Files.write(file, new byte[] {1});
    Files.delete(file);
    Check.that(Files.notExists(file), "%s is there after it was removed", file);
    String key = subject.scratchPrefix() + "unlink/file";
    Check.that(
        subject.store().head(key).isEmpty(), "the object %s outlived its file's removal", key);
  }

  private void unlinkWhileOpen() throws Exception {
    Path file = directory("open").resolve("file");
    byte[] bytes = RandomBytes.of(8, 40_000);
    Files.write(file, bytes);
    try (FileChannel channel = FileChannel.open(file, READ)) {
      Files.delete(file);
      ByteBuffer read = ByteBuffer.allocate(bytes.length);
      while (read.hasRemaining() && channel.read(read) > 0) {
        // Until all of it is there.
      }
      Check.that(Arrays.equals(read.array(), bytes), "%s: what was open has other bytes", file);
    }
  }

  private void symbolicLink() throws Exception {
    Path directory = directory("links");
    Path target = directory.resolve("target");
    Files.write(target, new byte[] {1, 2, 3});
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("target"));
    Check.that(
        Files.readSymbolicLink(link).equals(Path.of("target")),
        "%s leads to %s",
        link,
        Files.readSymbolicLink(link));
    Check.that(Files.size(link) == 3, "%s does not lead to the file", link);
  }

  private void exclusiveCreate() throws Exception {
    Path file = directory("exclusive").resolve("file");
    Files.write(file, new byte[] {1}, CREATE_NEW, WRITE);
    try {
      Files.write(file, new byte[] {2}, CREATE_NEW, WRITE);
      throw new Check.CheckFailed(file + ": a file that is there was made anew with O_EXCL");
    } catch (FileAlreadyExistsException expected) {
      // As it has to be.
    }
  }

  private void attributes() throws Exception {
    Path file = directory("attributes").resolve("file");
    Files.write(file, new byte[123]);
    FileTime time = FileTime.from(Instant.parse("2020-02-29T12:34:56Z"));
    Files.setLastModifiedTime(file, time);
    var attributes = Files.readAttributes(file, BasicFileAttributes.class);
    Check.that(attributes.size() == 123, "%s: size is %d, not 123", file, attributes.size());
    Check.that(attributes.isRegularFile(), "%s is no regular file", file);
    Check.that(
        attributes.lastModifiedTime().equals(time),
        "%s: time of modification is %s, not %s",
        file,
        attributes.lastModifiedTime(),
        time);
  }

  private void mappedRead() throws Exception {
    Path file = directory("mapped").resolve("file");
    byte[] bytes = RandomBytes.of(9, 1 << 20);
    Files.write(file, bytes);
    try (FileChannel channel = FileChannel.open(file, READ)) {
      var mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes.length);
      Check.that(mapped.equals(ByteBuffer.wrap(bytes)), "%s: mapped pages have other bytes", file);
    }
  }

  private Check check(String name, Check.Silent body) {
    return Check.writing(pair.name() + "/" + name, body);
  }

  private Path directory(String name) throws IOException {
    return Files.createDirectories(subject.scratch(pair).resolve(name));
  }
}
