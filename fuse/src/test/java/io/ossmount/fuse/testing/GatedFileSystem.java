package io.ossmount.fuse.testing;

import io.ossmount.fuse.Caller;
import io.ossmount.fuse.Done;
import io.ossmount.fuse.Entry;
import io.ossmount.fuse.Opened;
import io.ossmount.fuse.Outcome;
import io.ossmount.fuse.SessionState;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets requests about names that begin with {@code slow} wait until the gate is opened, for at most
 * half a minute. Files are opened past the page cache, so that each read(2) is a READ.
 */
public final class GatedFileSystem extends MemoryFileSystem {
  private static final int SECONDS = 30;

  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger interrupted = new AtomicInteger();
  private volatile boolean isClosed = true;
  private volatile boolean areFlushesGated;

  /** An empty one, whose gate is closed. */
  public GatedFileSystem(SessionState state) {
    super(state);
  }

  /** Lets everything pass from now on. */
  public void open() {
    isClosed = false;
    gate.countDown();
  }

  /** Lets close(2) wait at the gate as well. */
  public void gateFlushes() {
    areFlushesGated = true;
  }

  /** Requests that wait at the gate. */
  public int waiting() {
    return waiting.get();
  }

  /** Requests that were interrupted at the gate. */
  public int interrupted() {
    return interrupted.get();
  }

  @Override
  public Outcome<Entry> lookup(Caller caller, long parent, String name) {
    return name.startsWith("slow-name")
        ? behindGate(() -> super.lookup(caller, parent, name))
        : super.lookup(caller, parent, name);
  }

  @Override
  public Outcome<Opened> open(Caller caller, long node, int flags) {
    super.open(caller, node, flags);
    return Outcome.of(new Opened(1, Set.of(Opened.Option.DIRECT_IO)));
  }

  @Override
  public Outcome<Integer> read(
      Caller caller, long node, long handle, long offset, MemorySegment into) {
    return behindGate(() -> super.read(caller, node, handle, offset, into));
  }

  @Override
  public Outcome<Integer> write(
      Caller caller, long node, long handle, long offset, MemorySegment from) {
    return behindGate(() -> super.write(caller, node, handle, offset, from));
  }

  @Override
  public Outcome<Done> flush(Caller caller, long node, long handle) {
    return areFlushesGated
        ? behindGate(() -> super.flush(caller, node, handle))
        : super.flush(caller, node, handle);
  }

  private <T> Outcome<T> behindGate(Callable<Outcome<T>> operation) {
    return Outcome.later(() -> {
      if (isClosed) {
        await();
      }
      return ((Outcome.Now<T>) operation.call()).answer();
    });
  }

  private void await() throws InterruptedException {
    waiting.incrementAndGet();
    try {
      if (!gate.await(SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("gate was not opened");
      }
    } catch (InterruptedException e) {
      interrupted.incrementAndGet();
      throw e;
    } finally {
      waiting.decrementAndGet();
    }
  }
}
