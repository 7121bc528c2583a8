package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.store.ObjectBody;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.emulator.api.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Programs that start others, or give them descriptors, while they have a file open that they
 * write. Needs root, /dev/fuse, python3 and a shell.
 */
@Timeout(120)
final class StartedProgramsIT extends OnKernelMount {
  /** A program that says what it has done, and goes on when it is told to. */
  private final class Program implements AutoCloseable {
    private static final String PRELUDE =
        """
        import os, subprocess, sys, threading
        def says(what):
            print(what, flush=True)
            sys.stdin.readline()
        """;

    private final Process process;

    Program(String text) throws IOException {
      process =
          new ProcessBuilder("python3", "-c", PRELUDE + text)
              .directory(root.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    }

    void says(String line) throws IOException {
      assertThat(process.inputReader().readLine()).isEqualTo(line);
    }

    void goOn() throws IOException {
      process.outputWriter().write("\n");
      process.outputWriter().flush();
    }

    /** Its children end as well: they read from the same pipe. */
    @Override
    public void close() throws IOException {
      process.getOutputStream().close();
      try {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What OSS has; empty: nothing. */
  private String object(String key) {
    return mounted.store.head(key).map(this::text).orElse("");
  }

  private String text(ObjectInfo object) {
    ByteBuffer bytes = ByteBuffer.allocate((int) object.size());
    try (ObjectBody body = mounted.store.get(object.version(), 0, object.size())) {
      while (bytes.hasRemaining()) {
        assertThat(body.read(bytes)).isPositive();
      }
    }
    return new String(bytes.array(), StandardCharsets.UTF_8);
  }

  private int uploads() {
    return mounted.emulator.requests().count(Operation.PUT_OBJECT);
  }

  @Test
  void aProgramThatIsStartedUploadsNothingAndItsStarterDoes() throws IOException {
    String text =
        """
        f = open('f', 'wb')
        f.write(b'half')
        f.flush()
        subprocess.run(['/bin/true'])
        subprocess.run(['/bin/true'], close_fds=False)
        child = os.fork()
        if child == 0:
            os.close(f.fileno())
            os._exit(0)
        os.waitpid(child, 0)
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
        says('started')
        f.write(b' and all')
        f.close()
        says('closed')
        """;
    try (Program program = new Program(text)) {
      program.says("started");
      assertThat(object("f")).isEmpty();
      program.goOn();
      program.says("closed");
      assertThat(object("f")).isEqualTo("half and all");
    }
    // None of the others has sent it either, at any time.
    assertThat(uploads()).isEqualTo(1);
  }

  @Test
  void aStartedProgramThatWritesUploadsWhenItEndsThoughItsStarterGoesOn() throws IOException {
    String text =
        """
        f = open('f', 'wb')
        subprocess.run(['sh', '-c', 'echo child'], stdout=f)
        says('ended')
        """;
    try (Program program = new Program(text)) {
      program.says("ended");
      await().until(() -> object("f").equals("child\n"));
    }
  }

  @Test
  void anotherThreadOfTheWriterMayCloseForIt() throws IOException {
    String text =
        """
        f = os.open('f', os.O_CREAT | os.O_WRONLY)
        written = threading.Event()
        over = threading.Event()
        def write():
            os.write(f, b'x')
            written.set()
            over.wait()
        threading.Thread(target=write).start()
        written.wait()
        os.close(f)
        says('closed')
        over.set()
        """;
    try (Program program = new Program(text)) {
      program.says("closed");
      assertThat(object("f")).isEqualTo("x");
    }
  }

  @Test
  void aWriterThatClosesOrEndsUploadsThoughAnotherProcessHasItsDescriptor() throws IOException {
    String text =
        """
        f = os.open('closed', os.O_CREAT | os.O_WRONLY)
        g = os.open('ended', os.O_CREAT | os.O_WRONLY)
        writer = os.fork()
        if writer == 0:
            os.write(f, b'x')
            os.write(g, b'y')
            os.close(f)
            says('closed')
            os._exit(0)
        os.waitpid(writer, 0)
        says('ended')
        """;
    try (Program program = new Program(text)) {
      program.says("closed");
      assertThat(object("closed")).isEqualTo("x");
      program.goOn();
      program.says("ended");
      await().until(() -> object("ended").equals("y"));
    }
  }

  @Test
  void programsThatWriteOneAfterTheOtherAreUploadedByTheirShell() {
    String text =
        """
        (/bin/echo one; /bin/echo two) > grouped
        exec 3> shared; /bin/echo one >&3; /bin/echo two >&3; exec 3>&-
        """;
    KernelMount.run(root, "sh", "-c", text);
    assertThat(object("shared")).isEqualTo("one\ntwo\n");
    await().until(() -> object("grouped").equals("one\ntwo\n"));
  }
}
