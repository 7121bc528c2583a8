package io.ossmount.fuse.kernel;

import io.ossmount.fuse.OpenFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A thread of this process in the mount namespace of another one, to change mounts there:
 * unshare(2) of the current directory and root, then setns(2). The rest of the process stays where
 * it was. Needs CAP_SYS_ADMIN and CAP_SYS_CHROOT.
 *
 * <p>A path that the thread opens is one of that namespace, whoever put it there. So it does
 * nothing but system calls on memory that was prepared outside: a class that it had to load from a
 * directory could be a stranger's. All else is done by who visits.
 *
 * <p>A path can lead through a mount whose server hangs; then the thread is stuck, and the visit
 * ends with an error after some time. There are few visits at once, so few threads can be.
 */
public final class NamespaceVisit implements AutoCloseable {
  private static final int CLONE_FS = 0x200;
  private static final int CLONE_NEWNS = 0x20000;
  private static final int MOST_AT_ONCE = 16;
  private static final Semaphore PLACES = new Semaphore(MOST_AT_ONCE);
  private static final Path PROC = Path.of("/proc");

  private final BlockingQueue<Runnable> work = new ArrayBlockingQueue<>(1);
  private final Duration patience;
  private final Path thread;
  private final String namespace;

  /** The last thing that is asked of the thread. */
  private static final class End implements Runnable {
    @Override
    public void run() {}
  }

  private NamespaceVisit(
      @Nullable Descriptor target, String namespace, Duration patience, ThreadFactory threads)
      throws IOException {
    this.namespace = namespace;
    this.patience = patience;
    CompletableFuture<Path> entered = new CompletableFuture<>();
    threads.newThread(() -> visit(target, entered)).start();
    try {
      thread = await(entered, "enter " + namespace);
    } catch (IOException e) {
      // Nobody else can: the thread may get there later, and would keep the namespace.
      close();
      throw e;
    }
  }

  /** Stays in the mount namespace of this process; for changes the same. */
  public static NamespaceVisit here(Duration patience) throws IOException {
    String name = nameOf(PROC.resolve("self"));
    return start(null, name, patience, threads(name));
  }

  /**
   * Enters the mount namespace that a process has now.
   *
   * @param patience for each thing that is done there
   * @throws IOException it has ended, or may not be entered
   */
  public static NamespaceVisit of(int pid, Duration patience) throws IOException {
    Descriptor target = namespaceOf(pid);
    String name = nameOf(target);
    return start(target, name, patience, threads(name));
  }

  /** With a thread that may take its time to get there. */
  static NamespaceVisit of(int pid, Duration patience, ThreadFactory threads) throws IOException {
    Descriptor target = namespaceOf(pid);
    return start(target, nameOf(target), patience, threads);
  }

  private static ThreadFactory threads(String namespace) {
    return Thread.ofPlatform().daemon().name("visit of " + namespace).factory();
  }

  private static Descriptor namespaceOf(int pid) throws IOException {
    return Descriptor.open(
        PROC.resolve(Integer.toString(pid)).resolve("ns/mnt"), OpenFlags.READ_ONLY);
  }

  /** Of what was opened: the process may have another one by now. */
  private static String nameOf(Descriptor target) throws IOException {
    try {
      Path opened = PROC.resolve("self/fd").resolve(Integer.toString(target.number()));
      return Files.readSymbolicLink(opened).toString();
    } catch (IOException | RuntimeException e) {
      target.close();
      throw e;
    }
  }

  /** What names the mount namespace of a process, among those that exist now: {@code mnt:[N]}. */
  public static String nameOf(Path process) throws IOException {
    return Files.readSymbolicLink(process.resolve("ns/mnt")).toString();
  }

  /** Owns the target: the thread closes it, which may still be on its way when this gives up. */
  private static NamespaceVisit start(
      @Nullable Descriptor target, String name, Duration patience, ThreadFactory threads)
      throws IOException {
    if (!PLACES.tryAcquire()) {
      if (target != null) {
        target.close();
      }
      throw new IOException(MOST_AT_ONCE + " visits of mount namespaces are under way");
    }
    return new NamespaceVisit(target, name, patience, threads);
  }

  /** What names the mount namespace that is visited: {@code mnt:[N]}. */
  public String namespace() {
    return namespace;
  }

  /** The mounts as they are seen from the root of the namespace, now. */
  public MountTable mounts() throws IOException {
    return MountTable.read(thread.resolve("mountinfo"));
  }

  /**
   * Makes changes, one after another, whether others fail or not.
   *
   * @return for each, in this order: null when it was made
   * @throws IOException it is not known what became of them: the kernel does not answer
   */
  public List<@Nullable SystemCallException> change(List<MountChange> changes) throws IOException {
    return change(changes, PreparedChanges.BENEATH);
  }

  List<@Nullable SystemCallException> change(List<MountChange> changes, boolean beneath)
      throws IOException {
    var prepared = new PreparedChanges(changes, beneath);
    CompletableFuture<Integer> done = new CompletableFuture<>();
    if (!work.offer(() -> done.complete(prepared.run()))) {
      prepared.close();
      throw new IOException("the visit of " + namespace + " has not come back from its last task");
    }
    await(done, "change mounts in " + namespace);
    return prepared.results();
  }

  /** Ends the visit, as soon as the kernel lets the thread go. */
  @Override
  public void close() {
    var _ = work.offer(new End());
  }

  private void visit(@Nullable Descriptor target, CompletableFuture<Path> entered) {
    try {
      Path self = thisThread();
      PreparedChanges.warmUp();
      new End().run();
      // Also for a visit of this process's own namespace: the thread changes its directory.
      SystemCallException.check(Syscalls.unshare(CLONE_FS), "unshare");
      if (target != null) {
        enter(target);
      }
      entered.complete(self);
      serve();
    } catch (IOException e) {
      entered.completeExceptionally(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      if (target != null) {
        target.close();
      }
      PLACES.release();
    }
  }

  private static void enter(Descriptor target) throws IOException {
    try (target) {
      SystemCallException.check(Syscalls.setns(target.number(), CLONE_NEWNS), "setns");
    }
  }

  private static Path thisThread() throws IOException {
    return PROC.resolve(Files.readSymbolicLink(PROC.resolve("thread-self")));
  }

  private void serve() throws InterruptedException {
    while (true) {
      // Who visits and forgets to end it must not keep the thread for ever.
      Runnable next = work.poll(1, TimeUnit.HOURS);
      if (next == null || next instanceof End) {
        return;
      }
      next.run();
    }
  }

  private <T> T await(CompletableFuture<T> future, String what) throws IOException {
    try {
      return future.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IOException("the kernel does not answer in time: " + what, e);
    } catch (ExecutionException e) {
      throw new IOException(what + ": " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted: " + what, e);
    }
  }

  /** How many could start now. */
  static int placesLeft() {
    return PLACES.availablePermits();
  }
}
