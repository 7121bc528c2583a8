package io.ossmount.cache.fs;

import static io.ossmount.cache.fs.KernelMount.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.emulator.api.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real programs on a mount. Needs root, /dev/fuse, and the programs (build/packages). */
@Timeout(180)
final class ProgramsIT extends OnKernelMount {
  private Path tree() throws IOException {
    Path tree = Files.createDirectories(directory.resolve("tree"));
    for (String part : new String[] {"a", "a/b", "c d"}) {
      Path made = Files.createDirectories(tree.resolve(part));
      for (int i = 0; i < 10; i++) {
        Files.writeString(made.resolve("file" + i), (part + i + "\n").repeat(i * 500));
      }
    }
    Files.createSymbolicLink(tree.resolve("link"), Path.of("a/b/file3"));
    run(tree, "chmod", "750", "a");
    run(tree, "chmod", "+x", "a/file1");
    run(tree, "touch", "-d", "2001-02-03 04:05:06", "a/file2", "a");
    return tree;
  }

  /** Names, types, modes, targets, times and sizes. */
  private static String described(Path directory) {
    String format = "%P %y %m %l %TY-%Tm-%TdT%TH:%TM:%.6TS %s\\n";
    String found = run(directory, "find", ".", "-not", "-type", "d", "-printf", format);
    return found.lines().sorted().collect(Collectors.joining("\n"));
  }

  @Test
  void tarExtracts() throws IOException {
    Path tree = tree();
    run(tree, "tar", "--format=posix", "-cf", directory.resolve("tree.tar").toString(), ".");
    Path target = Files.createDirectory(root.resolve("extracted"));
    run(target, "tar", "-xpf", directory.resolve("tree.tar").toString());
    run(root, "diff", "-r", tree.toString(), "extracted");
    assertThat(described(target)).isEqualTo(described(tree));
  }

  @Test
  void cpKeepsWhatItCopies() throws IOException {
    Path tree = tree();
    run(root, "cp", "-a", tree.toString(), "copied");
    run(root, "diff", "-r", tree.toString(), "copied");
    assertThat(described(root.resolve("copied"))).isEqualTo(described(tree));
    run(root, "cp", "-a", "copied", "again");
    run(root, "diff", "-r", "copied", "again");
    run(root, "mv", "again", "moved");
    run(root, "diff", "-r", "copied", "moved");
    run(root, "rm", "-r", "copied", "moved");
    assertThat(mounted.store.list("", false, java.util.Optional.empty(), 10).objects()).isEmpty();
  }

  @Test
  void gitClonesAndCommits() throws IOException {
    Path tree = tree();
    run(tree, "git", "init", "-q", "-b", "main");
    run(tree, "git", "config", "user.email", "someone@example.com");
    run(tree, "git", "config", "user.name", "Someone");
    run(tree, "git", "add", ".");
    run(tree, "git", "commit", "-q", "-m", "first");
    run(root, "git", "clone", "-q", tree.toString(), "clone");
    Path clone = root.resolve("clone");
    run(clone, "git", "fsck", "--strict");
    assertThat(run(clone, "git", "status", "--porcelain")).isEmpty();
    Files.writeString(clone.resolve("new"), "new\n");
    run(clone, "git", "add", "new");
    run(clone, "git", "-c", "user.email=a@b", "-c", "user.name=A", "commit", "-q", "-m", "two");
    run(clone, "git", "gc", "-q");
    run(clone, "git", "fsck", "--strict");
    assertThat(run(clone, "git", "log", "--format=%s")).isEqualTo("two\nfirst\n");
  }

  @Test
  void vimEdits() throws IOException {
    Path file = root.resolve("text.txt");
    Files.writeString(file, "one\ntwo\nthree\n");
    run(root, "vim", "-es", "-u", "NONE", "-c", "%s/two/zwei/", "-c", "wq", "text.txt");
    assertThat(file).hasContent("one\nzwei\nthree\n");
    assertThat(run(root, "ls")).isEqualTo("text.txt\n");
  }

  @Test
  void pythonAppends() throws IOException {
    for (int i = 0; i < 3; i++) {
      run(root, "python3", "-c", "f = open('log', 'a'); f.write('line\\n' * 2); f.close()");
    }
    assertThat(root.resolve("log")).hasContent("line\n".repeat(6));
    assertThat(mounted.emulator.requests().count(Operation.PUT_OBJECT)).isEqualTo(3);
  }

  @Test
  void shellsAppendAndRedirect() throws IOException {
    run(root, "sh", "-c", "for i in 1 2 3 4 5; do echo $i >> log; done; : > empty; cat log > copy");
    assertThat(root.resolve("log")).hasContent("1\n2\n3\n4\n5\n");
    assertThat(root.resolve("copy")).hasContent("1\n2\n3\n4\n5\n");
    assertThat(root.resolve("empty")).isEmptyFile();
  }

  @Test
  void mappedPagesReachTheObject() throws IOException {
    String program =
        """
        import mmap, os
        f = open('mapped', 'w+b')
        f.truncate(10000)
        m = mmap.mmap(f.fileno(), 10000)
        f.close()
        m[5000:5005] = b'hello'
        m.flush()
        m[6000:6005] = b'world'
        m.close()
        """;
    run(root, "python3", "-c", program);
    byte[] bytes = Files.readAllBytes(root.resolve("mapped"));
    assertThat(bytes).hasSize(10_000);
    assertThat(new String(bytes, 5000, 5, java.nio.charset.StandardCharsets.US_ASCII))
        .isEqualTo("hello");
    assertThat(new String(bytes, 6000, 5, java.nio.charset.StandardCharsets.US_ASCII))
        .isEqualTo("world");
  }
}
